"""What Shipping v2 forbids and offers at the second small Amazon."""

import datetime
import uuid

from second_basics import D, UTC, Optional, invalid, now, stamp

CONFIRMATIONS = [
    ("NO_CONFIRMATION", "No confirmation"),
    ("DELIVERY_CONFIRMATION", "Delivery confirmation"),
    ("SIGNATURE_CONFIRMATION", "Signature confirmation"),
    ("ADULT_SIGNATURE_CONFIRMATION", "Adult signature"),
]


def require(body, fields, what):
    if not isinstance(body, dict):
        raise invalid("%s is not an object" % what)
    for name, kind in fields.items():
        if name not in body:
            raise invalid("%s lacks %s" % (what, name))
        if not isinstance(body[name], kind) or isinstance(body[name], bool) != (kind is bool):
            raise invalid("%s.%s is of the wrong kind" % (what, name))


NUMBER = (int, D)


def check_address(one):
    texts = {name: str for name in ("name", "addressLine1", "stateOrRegion", "city", "countryCode", "postalCode")}
    require(one, texts, "Address")
    limits = {"name": (1, 50), "addressLine1": (1, 60), "addressLine2": (1, 60), "addressLine3": (1, 60),
              "email": (0, 64), "phoneNumber": (1, 20), "countryCode": (2, 2)}
    for name, (least, most) in limits.items():
        if name in one and not least <= len(one[name]) <= most:
            raise invalid("Value at 'shipFrom.%s' failed to satisfy constraint" % name)
    if one["countryCode"] in ("UK", "EN"):
        raise invalid("countryCode")


GRAMS = {"GRAM": D(1), "KILOGRAM": D(1000), "OUNCE": D("28.349523125"), "POUND": D("453.59237")}


def grams(weight):
    require(weight, {"unit": str, "value": NUMBER}, "Weight")
    if weight["unit"] not in GRAMS or weight["value"] <= 0:
        raise invalid("Weight")
    return D(weight["value"]) * GRAMS[weight["unit"]]


def check_money(one):
    require(one, {"unit": str, "value": NUMBER}, "Currency")
    if len(one["unit"]) != 3:
        raise invalid("Currency.unit")


def check_package(package, order):
    require(package, {"dimensions": dict, "weight": dict, "insuredValue": dict,
                      "packageClientReferenceId": str, "items": list}, "Package")
    size = package["dimensions"]
    require(size, {"length": NUMBER, "width": NUMBER, "height": NUMBER, "unit": str}, "Dimensions")
    if size["unit"] not in ("INCH", "CENTIMETER") or min(size["length"], size["width"], size["height"]) < 1:
        raise invalid("Dimensions")
    total = grams(package["weight"])
    check_money(package["insuredValue"])
    if not package["items"]:
        raise invalid("items")
    lines = {one["orderItemId"]: one for one in order["items"]}
    together = D(0)
    for one in package["items"]:
        require(one, {"quantity": int, "itemIdentifier": str}, "Item")
        line = lines.get(one["itemIdentifier"])
        if line is None:
            raise invalid("itemIdentifier is not an item of the order")
        if not 1 <= one["quantity"] <= line["quantityOrdered"]:
            raise invalid("quantity")
        if "itemValue" in one:
            check_money(one["itemValue"])
        if "weight" in one:
            together += grams(one["weight"]) * one["quantity"]
        codes = one.get("serialNumbers", [])
        if len(codes) > one["quantity"] or len(set(codes)) != len(codes):
            raise invalid("serialNumbers")
        transparent = isinstance(line["programs"], list) and "TRANSPARENCY" in line["programs"]
        if transparent and len(codes) != one["quantity"]:
            raise invalid("serialNumbers: one for each unit of a Transparency item")
    if together > total:
        raise invalid("Total items weight exceeds the declared package weight.")


def check_specification(asked, rate):
    require(asked, {"format": str, "size": dict, "needFileJoining": bool, "requestedDocumentTypes": list},
            "RequestedDocumentSpecification")
    for offered in rate["specifications"]:
        if offered["format"] != asked["format"] or {k: D(v) if k != "unit" else v for k, v in asked["size"].items()} != offered["size"]:
            continue
        for option in offered["printOptions"]:
            names = {one["name"] for one in option["supportedDocumentDetails"]}
            mandatory = {one["name"] for one in option["supportedDocumentDetails"] if one["isMandatory"]}
            wanted = set(asked["requestedDocumentTypes"])
            dpis = option["supportedDPIs"]
            if (
                asked["needFileJoining"] in option["supportedFileJoiningOptions"]
                and mandatory <= wanted <= names
                and (asked.get("dpi") in dpis if dpis else "dpi" not in asked)
                and ("pageLayout" not in asked or asked["pageLayout"] in option["supportedPageLayouts"])
            ):
                return asked
    raise invalid("invalid documentation specification")


def check_services(asked, rate):
    chosen = [one.get("id") for one in asked]
    found = []
    for group in rate["groups"]:
        ours = [(one["id"], one["cost"]["value"]) for one in group["valueAddedServices"] if one["id"] in chosen]
        if len(ours) > 1 or (group["isRequired"] and not ours):
            raise invalid("The requested value added services are invalid.")
        found += ours
    if len(found) != len(chosen):
        raise invalid("The requested value added services are invalid.")
    return found


def next_day(weekday, least=2):
    """The next such day (Monday is 0), at least `least` days ahead."""
    day = now().date() + datetime.timedelta(days=least)
    while day.weekday() != weekday:
        day += datetime.timedelta(days=1)
    return day


def window(day):
    """09:00 to 18:00 in winter on the east coast, 06:00 to 15:00 on the west coast: the same day in both."""
    start = datetime.datetime(day.year, day.month, day.day, 14, tzinfo=UTC)
    return start, start + datetime.timedelta(hours=9)


def offer(rng, carrier, name, service, title, price, when, late=False, paid=None, confirmations=(0, 1, 2, 3)):
    costs = [D("0.0"), D("0.0"), D("4.15"), D("7.9")]
    size = {"width": D("4.0"), "length": D("6.0"), "unit": "INCH"}
    letter = {"width": D("8.5"), "length": D("11"), "unit": "INCH"}

    def option(dpis, *documents):
        return [{
            "supportedDPIs": dpis, "supportedPageLayouts": ["DEFAULT"], "supportedFileJoiningOptions": [True],
            "supportedDocumentDetails": [{"name": name, "isMandatory": True} for name in documents],
        }]

    return {
        "rateId": str(uuid.UUID(bytes=rng.randbytes(16), version=4)), "carrierId": carrier, "carrierName": name,
        "serviceId": service, "serviceName": title, "price": D(price), "window": when, "late": late,
        "groups": [{
            "groupId": "VAS_GROUP_ID_CONFIRMATION", "groupDescription": "Confirmation", "isRequired": True,
            "valueAddedServices": [
                {"id": CONFIRMATIONS[i][0], "name": CONFIRMATIONS[i][1], "cost": {"value": costs[i], "unit": "USD"}}
                for i in confirmations
            ],
        }],
        "specifications": [
            {"format": "ZPL", "size": size, "printOptions": option([300], "LABEL")},
            {"format": "PNG", "size": size, "printOptions": option([300, 203], "LABEL")},
            {"format": "PDF", "size": letter, "printOptions": option([300], "PACKSLIP", "LABEL")},
        ],
        "paid": paid or [("BASE_RATE", D(price))],
    }


def make_rates(order, rng):
    tuesday, saturday, sunday = next_day(1), next_day(5), next_day(6)
    rates = [
        offer(rng, "UPS", "UPS", "UPS_PTP_GND", "UPS\u00ae Ground", "9.40", window(tuesday)),
        offer(rng, "USPS", "USPS", "USPS_PTP_PRI", "USPS Priority Mail", "8.85", window(saturday), confirmations=(1, 2)),
        offer(rng, "UPS", "UPS", "UPS_PTP_NEXT_DAY_AIR", "UPS Next Day Air\u00ae", "41.07", window(next_day(2, 1))),
        offer(rng, "USPS", "USPS", "USPS_PTP_EXP_SUN", "USPS Express Sunday", "33.20", window(sunday),
              paid=[("BASE_RATE", D("20.70")), ("SUNDAY_HOLIDAY_DELIVERY", D("12.50"))], confirmations=(1, 2)),
        offer(rng, "ONTRAC", "OnTrac", "ONTRAC_MFN_GROUND", "OnTrac Ground", "5.05",
              window(now().date() + datetime.timedelta(days=21)), late=True),
    ]
    if "AMAZON_BUSINESS" in order["programs"]:
        rates.append(offer(rng, "FEDEX", "FedEx", "FEDEX_PTP_HOME_DELIVERY", "FedEx Home Delivery\u00ae", "4.95",
                           window(tuesday)))
    rng.shuffle(rates)
    return rates


def wire_rate(rate):
    lost = [{"benefit": "CLAIMS_PROTECTED", "reasonCodes": ["LATE_DELIVERY_RISK"]}] if rate["late"] else []
    kept = [] if rate["late"] else ["CLAIMS_PROTECTED"]
    start, end = rate["window"]
    return {
        "rateId": rate["rateId"], "carrierId": rate["carrierId"], "carrierName": rate["carrierName"],
        "serviceId": rate["serviceId"], "serviceName": rate["serviceName"],
        "billedWeight": Optional({"value": D("0.45"), "unit": "KILOGRAM"}),
        "totalCharge": {"value": rate["price"], "unit": "USD"},
        "promise": {
            "deliveryWindow": {"start": stamp(start), "end": stamp(end)},
            "pickupWindow": Optional({"start": stamp(now())}, "left out", "null"),
        },
        "supportedDocumentSpecifications": rate["specifications"],
        "availableValueAddedServiceGroups": rate["groups"],
        "requiresAdditionalInputs": False,
        "rateItemList": [
            {"rateItemID": name, "rateItemType": Optional("INCLUDED", "left out", "empty"),
             "rateItemCharge": {"value": cost, "unit": "USD"}}
            for name, cost in rate["paid"]
        ],
        "paymentType": Optional("PAY_THROUGH_AMAZON"),
        "benefits": {"includedBenefits": kept, "excludedBenefits": lost},
    }
