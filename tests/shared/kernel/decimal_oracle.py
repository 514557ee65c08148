"""Cases for tst_decimal_oracle, computed by Python's decimal and fractions from a fixed seed.

Usage: decimal_oracle.py [COUNT]
Prints COUNT lines of tab-separated fields: operation, arguments, expected text or the wire name of the refusal. Numbers
are drawn so that ties, edges and overflows are common: a uniform draw would hardly ever land on half a cent.
"""

import decimal
import random
import sys
from decimal import Decimal
from fractions import Fraction

# 200 digits: a quotient of two 39-digit integers that is not a tie stays at least 1e-80 away from one, so the rounding
# to 200 digits cannot make a second rounding of the first.
decimal.setcontext(decimal.Context(prec=200, rounding=decimal.ROUND_DOWN))

SEED = 20231116
STEP = Decimal("1e-12")
LARGEST = Decimal(2**127 - 1) * STEP
INT64 = 2**63
MODES = {
    "half_away": decimal.ROUND_HALF_UP,
    "half_even": decimal.ROUND_HALF_EVEN,
    "towards_zero": decimal.ROUND_DOWN,
    "floor": decimal.ROUND_FLOOR,
    "ceiling": decimal.ROUND_CEILING,
}
CURRENCIES = {"USD": 2, "EUR": 2, "MXN": 2, "JPY": 0, "KWD": 3, "CLF": 4}
OVERFLOW = "amount_overflow"

rng = random.Random(SEED)


def text(value):
    """The kernel's shortest exact text."""
    plain = format(value, "f")
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def bounded(value):
    return OVERFLOW if abs(value) > LARGEST else text(value)


def digits(count):
    style = rng.random()
    if style < 0.2:
        return "9" * count
    if style < 0.4:
        return "".join(rng.choice("05") for _ in range(count))
    return "".join(rng.choice("0123456789") for _ in range(count))


def number(integer_digits=18):
    sign = rng.choice(["", "", "-"])
    integer = digits(rng.choice([1, 1, 2, 3, rng.randint(1, integer_digits), integer_digits]))
    fraction = digits(rng.choice([0, 0, 1, 2, 3, rng.randint(0, 12), 12]))
    return sign + integer + ("." + fraction if fraction else "")


def total():
    """A number a sum may have grown to; at most the kernel's largest, and often close to it."""
    if rng.random() < 0.2:
        value = LARGEST - rng.choice([0, 1, rng.randint(0, 10**6), rng.randint(0, 10**30)]) * STEP
        return rng.choice(["", "-"]) + text(value)
    while True:
        value = number(27)
        if abs(Decimal(value)) <= LARGEST:
            return value


def mode():
    return rng.choice(list(MODES))


def parse():
    value = number(20) if rng.random() < 0.5 else number()
    if rng.random() < 0.3:
        at = rng.randint(0, len(value))
        value = value[:at] + rng.choice([".", "-", "+", "e", " ", ",", "0", "9", "_"]) + value[at:]
    body = value.removeprefix("-")
    integer, point, fraction = body.partition(".")
    valid = (
        1 <= len(integer) <= 18
        and integer.isascii()
        and integer.isdigit()
        and (not point or (1 <= len(fraction) <= 12 and fraction.isascii() and fraction.isdigit()))
    )
    return [value], text(Decimal(value)) if valid else "invalid_decimal"


def plus():
    a, b = total(), total()
    return [a, b], bounded(Decimal(a) + Decimal(b))


def minus():
    a, b = total(), total()
    return [a, b], bounded(Decimal(a) - Decimal(b))


def times():
    a, b, rounding = rng.choice([number, total])(), number(), mode()
    return [a, b, rounding], bounded((Decimal(a) * Decimal(b)).quantize(STEP, MODES[rounding]))


def divided_by():
    a, b, rounding = rng.choice([number, total])(), rng.choice([number, total])(), mode()
    if Decimal(b) == 0:
        return [a, b, rounding], "division_by_zero"
    return [a, b, rounding], bounded((Decimal(a) / Decimal(b)).quantize(STEP, MODES[rounding]))


def rounded():
    a, places, rounding = total(), rng.randint(0, 12), mode()
    return [a, str(places), rounding], bounded(Decimal(a).quantize(Decimal(1).scaleb(-places), MODES[rounding]))


def money(exact, currency, rounding="half_away"):
    """A Decimal in major units as the kernel's money text."""
    places = CURRENCIES[currency]
    minor = int((exact.scaleb(places)).quantize(Decimal(1), MODES[rounding]))
    if not -INT64 <= minor < INT64:
        return OVERFLOW
    return format(Decimal(minor).scaleb(-places), f".{places}f")


def money_round():
    a, currency, rounding = number(), rng.choice(list(CURRENCIES)), mode()
    return [a, currency, rounding], money(Decimal(a), currency, rounding)


def money_times():
    minor, rate, rounding = rng.choice([rng.randint(-(10**6), 10**6), rng.randint(-INT64, INT64 - 1)]), number(3), mode()
    currency = rng.choice(list(CURRENCIES))
    amount = Decimal(minor).scaleb(-CURRENCIES[currency])
    return [str(minor), currency, rate, rounding], money(amount * Decimal(rate), currency, rounding)


def charge():
    quantity, price = rng.choice([number, total])(), rng.choice([number(3), number(3), total()])
    divisor = rng.choice(["1", "1000", "1000000", "3600", "3", "7", number(), total(), "0"])
    currency = rng.choice(list(CURRENCIES))
    arguments = [quantity, price, divisor, currency]
    if Decimal(divisor) == 0:
        return arguments, "division_by_zero"
    return arguments, money(Decimal(quantity) * Decimal(price) / Decimal(divisor), currency)


def allocate():
    amount = rng.choice([rng.randint(-1000, 1000), rng.randint(-(10**9), 10**9), rng.randint(-INT64, INT64 - 1)])
    most = rng.choice([1, 3, 10, 10**6, 2**64 - 1])
    weights = [rng.randint(0, most) for _ in range(rng.randint(1, 12))]
    effective = weights if any(weights) else [1] * len(weights)
    exact = [Fraction(amount * weight, sum(effective)) for weight in effective]
    parts = [int(share) for share in exact]  # towards zero
    order = sorted(range(len(parts)), key=lambda i: (-abs(exact[i] - parts[i]), i))
    left = amount - sum(parts)
    for i in order[: abs(left)]:
        parts[i] += 1 if left > 0 else -1
    return [str(amount), " ".join(map(str, weights))], " ".join(map(str, parts))


OPERATIONS = {
    "parse": parse,
    "plus": plus,
    "minus": minus,
    "times": times,
    "divided_by": divided_by,
    "rounded": rounded,
    "money_round": money_round,
    "money_times": money_times,
    "charge": charge,
    "allocate": allocate,
}


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    names = list(OPERATIONS)
    lines = []
    for case in range(count):
        name = names[case % len(names)]
        arguments, expected = OPERATIONS[name]()
        lines.append("\t".join([name, *arguments, expected]))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
