/* The client library for programs that are not C++: BillingAPIClient (usage_client.h) behind a C ABI. Calls
 * block; one thread at a time per client. Functions return BILLING_OK or one of the other codes, and
 * billing_client_last_error then says why. No exception leaves it. */
#ifndef BILLING_CLIENT_H
#define BILLING_CLIENT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct billing_client billing_client;

typedef enum billing_status
{
    BILLING_OK = 0,
    BILLING_INVALID = 1, /* an argument, a file or the server's address; trying again does not help */
    BILLING_REFUSED = 2, /* the server refused the request as a whole */
    BILLING_GAVE_UP = 3  /* no answer within the time; the events are kept, so that a flush tries again */
} billing_status;

typedef struct billing_client_options
{
    const char* server_url; /* "https://host:port" */
    const char* certificate_file;
    const char* key_file;
    const char* authority_file;
    const char* token_file;
    uint32_t batch_size;      /* events a request, 1 to 1000; 0: 1000 */
    uint32_t give_up_after_s; /* seconds of trying a batch; 0: 120 */
} billing_client_options;

typedef struct billing_dimension
{
    const char* name;
    const char* value;
} billing_dimension;

typedef struct billing_event
{
    const char* event_id; /* NULL: the client makes one */
    const char* source;   /* NULL: none */
    const char* tenant_id;
    const char* metric_type;
    const char* value;     /* a decimal, "0.25" */
    const char* timestamp; /* RFC 3339 with offset */
    const billing_dimension* dimensions;
    size_t dimension_count;
} billing_event;

typedef struct billing_counts
{
    int64_t accepted;
    int64_t duplicate;
    int64_t conflict;
    int64_t rejected;
} billing_counts;

/* NULL when it cannot be made; then error, if not NULL, holds why, cut to error_size bytes with its NUL. */
billing_client* billing_client_create(const billing_client_options* options, char* error, size_t error_size);

/* Takes a copy of the event. Sends nothing until a batch is full; then it blocks until that batch is settled.
 * An event that is no event (BILLING_INVALID) is not taken; after BILLING_REFUSED or BILLING_GAVE_UP it was
 * not taken either if a full batch was already waiting: billing_client_waiting tells. */
billing_status billing_client_send_event(billing_client* client, const billing_event* event);

/* How many events are waiting to be sent. */
size_t billing_client_waiting(const billing_client* client);

/* Sends what is waiting and blocks until it is settled. counts, if not NULL, gets the totals since the client
 * was made. */
billing_status billing_client_flush(billing_client* client, billing_counts* counts);

/* Of the last call that did not return BILLING_OK; valid until the next call. Never NULL. */
const char* billing_client_last_error(const billing_client* client);

/* Without a flush before, waiting events are lost. NULL is allowed. */
void billing_client_destroy(billing_client* client);

#ifdef __cplusplus
}
#endif

#endif
