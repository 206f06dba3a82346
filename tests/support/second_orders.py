"""Orders of the second small Amazon, and how Orders 2026-01-01 shows them."""

import datetime

from second_basics import Optional, now, stamp

MARKETPLACE = "ATVPDKIKX0DER"


def address(name, line, city, state, code, kind, second_line=False, **more):
    """An address that stays the same over a run, or the program would rightly take the order for changed."""
    fields = {
        "name": name,
        "addressLine1": line,
        "city": city,
        "stateOrRegion": state,
        "postalCode": code,
        "countryCode": "US",
        "addressType": kind,
        "phone": Optional("+1 555 010 0100", "left out", "empty", "null"),
        "addressLine2": "Unit 7" if second_line else Optional("", "left out", "null"),
    }
    fields.update(more)
    return fields


def item(number, sku, title, quantity, price, **more):
    fields = {
        "orderItemId": number,
        "quantityOrdered": quantity,
        "product": {
            "asin": Optional("B0SECOND01"),
            "title": title,
            "sellerSku": sku,
            "price": Optional({"unitPrice": {"amount": price, "currencyCode": "USD"}}, "left out", "null"),
        },
        "programs": Optional([], "left out", "null"),
    }
    fields.update(more)
    return fields


def hours(days):
    window = {"startTime": {"hour": 9, "minute": 0}, "endTime": {"hour": 17, "minute": 30}}
    return [{"dayOfWeek": day, "timeWindows": [window]} for day in days]


def make_orders(rng):
    at = now()

    def second_line():
        return rng.random() < 0.5

    day = datetime.timedelta(days=1)
    windows = {
        "shipByWindow": {"earliestDateTime": stamp(at - day), "latestDateTime": stamp(at + day)},
        "deliverByWindow": {"earliestDateTime": stamp(at + day), "latestDateTime": stamp(at + 12 * day)},
    }

    def order(number, programs, status, items, recipient, buyer, age):
        fulfillment = {
            "fulfillmentStatus": status,
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": Optional("STANDARD"),
        }
        if status not in ("PENDING", "CANCELLED"):
            fulfillment.update(windows)
        return {
            "number": number,
            "created": at - datetime.timedelta(hours=age + 1),
            "updated": at - datetime.timedelta(hours=age),
            "programs": programs,
            "fulfillment": fulfillment,
            "items": items,
            "recipient": recipient,
            "buyer": buyer,
            "packages": [],
        }

    orders = [
        order(
            "201-0000001-0000001", ["PRIME"], "UNSHIPPED",
            [item("10000000001", "SECOND-MUG", "Mug, blue", 2, "14.00")],
            {"deliveryAddress": address("Rosa Canary-One", "1 Larch Street", "Portland", "OR", "97209", "RESIDENTIAL", second_line())},
            {"buyerName": "Rosa Canary-One", "buyerEmail": Optional("one@marketplace.amazon.com", "left out", "empty")},
            5,
        ),
        order(
            "201-0000002-0000002", ["AMAZON_BUSINESS"], "UNSHIPPED",
            [
                item("10000000002", "SECOND-LAMP", "Desk lamp \u2013 brass", 1, "59.5"),
                item("10000000003", "SECOND-MUG", "Mug, blue", 1, "14.00"),
            ],
            {
                "deliveryAddress": address(
                    "Otto Canary-Two PO 7781", "200 Trade Court", "Columbus", "OH", "43215", "COMMERCIAL", second_line(),
                    companyName="Canary Two Trading",
                ),
                "deliveryPreference": {
                    "deliveryTime": {
                        "businessHours": hours(["MON", "TUE", "WED", "THU"]),
                        "exceptionDates": Optional([]),
                    }
                },
            },
            {
                "buyerName": "Canary Two Trading",
                "buyerCompanyName": "Canary Two Trading",
                "buyerPurchaseOrderNumber": Optional("7781", "left out", "null", "empty"),
            },
            4,
        ),
        order(
            "201-0000003-0000003", [], "UNSHIPPED",
            [item("10000000004", "SECOND-CREAM", "Face cream", 3, "31.25", programs=["TRANSPARENCY"])],
            {"deliveryAddress": address("Ines Canary-Three", "3 Quay Road", "Boston", "MA", "02110", "RESIDENTIAL", second_line())},
            {"buyerName": "Ines Canary-Three"},
            3,
        ),
        order(
            "201-0000004-0000004", [], "PENDING",
            [item("10000000005", "SECOND-MUG", "Mug, blue", 1, "14.00")],
            None, None, 2,
        ),
        order(
            "201-0000005-0000005", ["PRIME"], "CANCELLED",
            [item("10000000006", "SECOND-MUG", "Mug, blue", 1, "14.00",
                  cancellation={"cancellationExecution": {"cancelledBy": "BUYER"}})],
            None, {"buyerName": "Ada Canary-Five"}, 1,
        ),
    ]
    return {one["number"]: one for one in orders}


def wire_order(order, included):
    answer = {
        "orderId": order["number"],
        "createdTime": order["created"].strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (order["created"].microsecond // 1000),
        "lastUpdatedTime": stamp(order["updated"]),
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": MARKETPLACE},
        "programs": order["programs"] if order["programs"] else Optional([], "left out", "null"),
        "orderItems": order["items"],
    }
    if "FULFILLMENT" in included:
        answer["fulfillment"] = order["fulfillment"]
    if "RECIPIENT" in included and order["recipient"]:
        answer["recipient"] = order["recipient"]
    if "BUYER" in included and order["buyer"]:
        answer["buyer"] = order["buyer"]
    if "PACKAGES" in included:
        answer["packages"] = order["packages"] if order["packages"] else Optional([], "left out", "null")
    return answer
