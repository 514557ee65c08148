"""Cases for tst_rating_oracle: random plans and usage, rated and taxed by Python's decimal from a fixed seed.

Usage: rating_oracle.py [COUNT]
Prints COUNT lines of tab-separated fields: plan (JSON as shared/wire/plan_json reads it), currency, usage
(meter|key|quantity, joined by ;), tax rate, and what is expected: charged lines (charge|key|quantity|amount), unbilled
usage (meter|key|quantity|reason), net, tax rounded per document, tax rounded per line. Quantities sit on and around the
edges of allowances, prices land on half cents: a uniform draw would hardly ever do either.
"""

import decimal
import json
import random
import sys
from decimal import Decimal

decimal.setcontext(decimal.Context(prec=120, rounding=decimal.ROUND_HALF_UP))
SEED = 20231116
DIGITS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
DIMENSIONS = {"calls": {}, "tokens": {"direction": ["input", "output"], "model": ["claude", "gpt35", "gpt4"]},
              "hours": {"kind": ["cpu", "gpu"]}}
rng = random.Random(SEED)


def text(value):
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def half_up(value, currency):
    """Half away from zero, as ROUND_HALF_UP of decimal is."""
    return value.quantize(Decimal(1).scaleb(-DIGITS[currency]), rounding=decimal.ROUND_HALF_UP)


def a_price(currency):
    kind = rng.randrange(5)
    if kind == 0:
        return Decimal(0)
    if kind == 1:  # half a minor unit, so that ties are common
        return Decimal(5).scaleb(-DIGITS[currency] - 1)
    return Decimal(rng.randrange(1, 10 ** rng.randrange(1, 7))).scaleb(-rng.randrange(0, 9))


def a_quantity(edge):
    kind = rng.randrange(7)
    if kind == 0:
        return Decimal(0)
    if kind == 1:
        return Decimal(rng.choice([1, 2, 3]))
    if kind == 2:
        return edge
    if kind == 3:
        return max(Decimal(0), edge + rng.choice([-1, 1]) * Decimal(rng.choice(["1", "0.5", "0.000000000001"])))
    return Decimal(rng.randrange(0, 10 ** rng.randrange(1, 11))).scaleb(-rng.choice([0, 0, 0, 3, 12]))


def keys_of(meter):
    keys = [{}]
    for name, values in DIMENSIONS[meter].items():
        keys = [{**key, name: value} for key in keys for value in values]
    return keys


def key_text(key):
    return ",".join(f"{name}={key[name]}" for name in sorted(key))


def a_metered_charge(meter, currency):
    charge = {"code": meter, "name": meter, "model": "matrix" if DIMENSIONS[meter] else "per_unit", "meter": meter,
              "unit_divisor": rng.choice(["1", "1", "1000", "3600", "0.5"])}
    kind = rng.randrange(5)
    if kind == 0:
        charge["unlimited"] = True
        return charge
    if kind <= 3:
        charge["included"] = text(Decimal(rng.choice([0, 1, 100, 1000, 12345])) + rng.choice([Decimal(0), Decimal("0.5")]))
    if kind == 1:
        charge["limit"] = "hard"
        return charge
    if charge["model"] == "per_unit":
        charge["price"] = {currency: text(a_price(currency))}
        return charge
    cells = [key for key in keys_of(meter) if rng.random() < 0.6]
    first = sorted(DIMENSIONS[meter])[0]
    cells += [{first: value} for value in DIMENSIONS[meter][first] if rng.random() < 0.4 and {first: value} not in cells]
    if not cells or rng.random() < 0.2:
        cells.append({})
    rng.shuffle(cells)
    charge["matrix"] = [{"match": cell, "price": {currency: text(a_price(currency))}} for cell in cells]
    return charge


def price_for(charge, key, currency):
    if charge["model"] == "per_unit":
        return Decimal(charge["price"][currency])
    fits = [cell for cell in charge["matrix"] if all(key.get(n) == v for n, v in cell["match"].items())]
    fits.sort(key=lambda cell: len(cell["match"]))
    return Decimal(fits[-1]["price"][currency]) if fits else None


def rate(plan, currency, usage):
    lines, unbilled = [], []
    for charge in plan["charges"]:
        if charge["model"] == "flat":
            lines.append((charge["code"], "", Decimal(1), half_up(Decimal(charge["price"][currency]), currency)))
            continue
        used = sorted(((key_text(key), key, quantity) for meter, key, quantity in usage
                       if meter == charge["meter"] and quantity), key=lambda item: item[0])
        begun = Decimal(0)  # of the charge's whole quantity, before this key
        included = Decimal(charge.get("included", "0"))
        for name, key, quantity in used:
            ended = begun + quantity
            free = quantity if charge.get("unlimited") else max(Decimal(0), min(ended, included) - min(begun, included))
            begun = ended
            if free:
                lines.append((charge["code"], name, free, half_up(Decimal(0), currency)))
            above = quantity - free
            if not above:
                continue
            if charge.get("limit") == "hard":
                unbilled.append((charge["meter"], name, above, "over_limit"))
                continue
            price = price_for(charge, key, currency)
            if price is None:
                unbilled.append((charge["meter"], name, above, "no_price"))
                continue
            amount = half_up(above * price / Decimal(charge["unit_divisor"]), currency)
            lines.append((charge["code"], name, above, amount))
    priced = {charge.get("meter") for charge in plan["charges"]}
    rest = [(meter, key_text(key), quantity, "no_price") for meter, key, quantity in usage
            if meter not in priced and quantity]
    return lines, unbilled + sorted(rest)


def a_case():
    currency = rng.choice(list(DIGITS))
    fee = {"code": "fee", "name": "fee", "model": "flat",
           "price": {currency: text(half_up(Decimal(rng.randrange(0, 10**6)) / 100, currency))}}
    charges = [fee] if rng.random() < 0.8 else []
    charges += [a_metered_charge(meter, currency) for meter in DIMENSIONS if rng.random() < 0.8]
    rng.shuffle(charges)
    plan = {"code": "p", "version": 1, "name": "P", "tier": "lite", "interval": "month", "net_days": 14,
            "charges": charges}
    usage = []
    for meter in DIMENSIONS:
        edge = next((Decimal(c.get("included", "10")) for c in charges if c.get("meter") == meter), Decimal(10))
        usage += [(meter, key, a_quantity(edge)) for key in keys_of(meter) if rng.random() < 0.6]
    rng.shuffle(usage)

    lines, unbilled = rate(plan, currency, usage)
    tax_rate = Decimal(rng.choice(["0", "0.05", "0.07", "0.16", "0.19", "0.08875", "0.255"]))
    net = sum((line[3] for line in lines), half_up(Decimal(0), currency))
    per_document = half_up(net * tax_rate, currency)
    per_line = sum((half_up(line[3] * tax_rate, currency) for line in lines), half_up(Decimal(0), currency))
    return "\t".join([
        json.dumps(plan), currency,
        ";".join(f"{meter}|{key_text(key)}|{text(quantity)}" for meter, key, quantity in usage), text(tax_rate),
        ";".join(f"{code}|{key}|{text(quantity)}|{amount:f}" for code, key, quantity, amount in lines),
        ";".join(f"{meter}|{key}|{text(quantity)}|{reason}" for meter, key, quantity, reason in unbilled),
        f"{net:f}", f"{per_document:f}", f"{per_line:f}"])


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 5000):
    print(a_case())
