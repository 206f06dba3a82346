"""What the second small Amazon's parts share: errors, times, and JSON written as other servers might."""

import datetime
import decimal
import json

D = decimal.Decimal
UTC = datetime.timezone.utc


class Refused(Exception):
    """An error answer in Amazon's shape."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def invalid(message):
    return Refused(400, "InvalidInput", message)


def now():
    return datetime.datetime.now(UTC)


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text, what):
    try:
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise invalid("%s is not a date-time" % what) from None
    if moment.tzinfo is None:
        raise invalid("%s has no zone" % what)
    return moment.astimezone(UTC)


class Writer:
    """Writes JSON as other servers might: fields in any order, optional ones now and then left out."""

    def __init__(self, rng):
        self.rng = rng

    def write(self, value):
        rng = self.rng
        if isinstance(value, Optional):
            raise TypeError("an optional value outside an object")
        if isinstance(value, dict):
            fields = []
            for name, inner in value.items():
                if isinstance(inner, Optional):
                    kind = rng.choice(inner.absent + ["there", "there"])
                    if kind == "left out":
                        continue
                    inner = {"there": inner.value, "null": None, "empty": ""}[kind]
                fields.append((name, inner))
            if rng.random() < 0.3:
                fields.append(("addedNextYear", rng.choice([None, [], {"a": [1, "b"]}, "new"])))
            rng.shuffle(fields)
            space = rng.choice(["", "", " ", "\n  "])
            inside = ("," + space).join(
                "%s:%s%s" % (json.dumps(name), space, self.write(inner)) for name, inner in fields
            )
            return "{%s%s%s}" % (space, inside, space)
        if isinstance(value, (list, tuple)):
            return "[%s]" % ",".join(self.write(inner) for inner in value)
        if isinstance(value, D):
            return str(value) + rng.choice(["", "" if "." not in str(value) else "0"])
        return json.dumps(value, ensure_ascii=rng.random() < 0.5)


class Optional:
    """A field that the model does not require."""

    def __init__(self, value, *absent):
        self.value = value
        self.absent = list(absent) or ["left out"]
