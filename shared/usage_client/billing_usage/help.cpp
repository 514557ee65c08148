#include "shared/usage_client/billing_usage/options.h"

namespace billing::client {

namespace {

constexpr std::string_view text =
    R"(billing-usage send --server URL --cert F --key F --ca F --token-file F [options] FILE

Checks the whole of FILE, then sends its usage events and waits until they are counted. If any row is bad, nothing is
sent: the bad rows are listed with their line numbers. Prints how many events were accepted, duplicate (counted
before), conflict (their id stands for other usage) and rejected.

Sending again is harmless, after an interruption too: what was counted is then a duplicate. So a file can be mended
where it was refused, and sent again as a whole.

FILE may be - for standard input, and may be packed with gzip. It is read twice; standard input is kept meanwhile in a
file without a name in TMPDIR or /var/tmp.

The server:
  --server URL              https://host:port
  --cert F, --key F         this client's certificate and its key (PEM)
  --ca F                    the authority the server's certificate must come from (PEM)
  --token-file F            holds the token; read again when the server no longer takes it
  --batch-size N            events a request, 1 to 1000 (1000)
  --give-up-after SECONDS   of trying one batch (120)

The check:
  --dry-run                 only check; needs no server, but asks one that is given for its price list
  --skip-bad F              write the bad rows to F, a new file, and send the others. Mend the rows in F, then send F
                            with the same options and --already-sent FILE; or mend and send FILE itself
  --backfill                also send events older than 35 days; the token must allow it
  --retention-months N      older events are bad; what the server is configured with (84)
  --meters F                a price list (JSON) to check metrics and dimensions against, instead of the server's

  --format ndjson           one JSON event a line, each with its event_id (this is what happens without --format)
  --format csv              a table with a header line:

  Whose usage, and when:
    --tenant T              whose usage it is, or
    --tenant-column C       the column that says it
    --time-column C         a date and time: 2026-03-31T18:15:46Z, 2026-03-31 18:15:46.5+02:00
    --time-zone Z           of times without an offset: Europe/Berlin, +02:00, UTC
    --assume-utc            the same as --time-zone UTC
    --ambiguous first|second   which one is meant where the clock goes back (without it such rows are bad)
    --time-format F         day-first (31.03.2026 18:15), month-first (3/31/2026 6:15 PM), or seconds, milliseconds,
                            microseconds or nanoseconds since 1970

  What is counted:
    --event METRIC=COLUMN[,dimension=value...]    one event per row; may be given several times; or
    --metric-column C --value-column C            the metric's name stands in a column too
    --dimension NAME=COLUMN     a dimension from a column; may be given several times; empty cells leave it out
    --dimensions-from-rest      each column that is named nowhere else is a dimension ("Cloud region": cloud_region)
    --source S, --source-column C   who reports it; without them nobody is named
    --decimal-comma             numbers are written 1234,5
    --delimiter D               auto (comma, semicolon, tab or bar, by the header), tab, or one character

  What makes a row the same when it is sent again:
    (without an option)     what is in it (tenant, source, metric, time, value, dimensions), however it is spelled and
                            wherever it stands. Equal rows of a file are numbered, so each of them is counted. Equal
                            rows of two files are the same row, counted once: if they are not, name the file that was
                            sent before with --already-sent, or give the files different --source, or use
    --event-id-column C     a column that holds an id of its own for each row
    --already-sent F        rows equal to rows of F are further ones; may be given several times, in the order sent
    --event-id-prefix P     begins the ids; keep it the same for what is the same ("row")
    --row-number-ids        ids are P-<row>-<event>, as up to release 0.2: only to finish a file that was sent so

An export of a company in Berlin, only checked; with --server and the rest instead of --dry-run it is sent:
  billing-usage send --dry-run --format csv --tenant-column Kunde --time-column Zeit --time-format day-first
    --time-zone Europe/Berlin --event api_request=Menge --decimal-comma --dimension region=Region usage.csv

Exit code: 0 everything was counted, now or before; 1 some rows were not (rejected, in conflict or skipped); 2 the
command or the file as a whole is wrong, or the server refused; 3 gave up: send again; 4 rows are bad, so nothing was
sent.
)";

} // namespace

std::string_view helpText()
{
    return text;
}

} // namespace billing::client
