#!/usr/bin/env python3
"""A second small Amazon for tests, written from Amazon's published models and nothing else.

It shares no code and no data with the program under test. Standard library only. What it answers varies
with --seed: the order of fields, which optional fields are there, how numbers and spaces are written.
It refuses what the models forbid, and keeps a ledger of what was sold as JSON.

    python3 second_amazon.py --seed 7 --ledger ledger.json [--port 0] [--page 2]

Prints one line, `listening on 127.0.0.1:PORT`, and serves until it is killed.

Log in with client id `second-client`, client secret `second-secret`, refresh token `second-refresh`.
Orders (marketplace ATVPDKIKX0DER; products in second_products.csv beside this file):
    201-0000001-0000001  Prime, to a home in Oregon: two of SECOND-MUG
    201-0000002-0000002  Business and Commercial, Ohio, closed on Fridays: SECOND-LAMP and SECOND-MUG
    201-0000003-0000003  three of SECOND-CREAM, each with a transparency code
    201-0000004-0000004  Pending: no address, no price
    201-0000005-0000005  Canceled
"""

import argparse
import base64
import datetime
import http.server
import json
import os
import random
import sys
import threading
import urllib.parse
import uuid

from second_basics import D, Optional, Refused, Writer, invalid, now, parse_time, stamp
from second_documents import bought, detail, document, tracking_number
from second_orders import MARKETPLACE, make_orders, wire_order
from second_shipping import (
    check_address, check_package, check_services, check_specification, make_rates, require, wire_rate,
)

INCLUDABLE = {
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION",
    "FULFILLMENT", "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS",
}
STATUSES = {
    "PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE",
}


class Amazon:
    """All state, behind one lock."""

    def __init__(self, seed, ledger, page):
        self.rng = random.Random(seed)
        self.writer = Writer(self.rng)
        self.ledger_path = ledger
        self.page = page
        self.lock = threading.RLock()
        self.orders = make_orders(self.rng)
        self.tokens = {}
        self.quotes = {}
        self.rates = {}
        self.shipments = {}
        self.by_key = {}
        self.page_tokens = {}
        self.requests = {}
        self.refusals = []
        self.logins = 0
        self.save()

    # -- the ledger

    def save(self):
        if not self.ledger_path:
            return
        shown = [
            {key: value for key, value in shipment.items() if key != "documents"}
            for shipment in self.shipments.values()
        ]
        ledger = {
            "shipments": shown, "requests": self.requests, "refusals": self.refusals, "logins": self.logins,
        }
        text = json.dumps(ledger, indent=1, default=str)
        with open(self.ledger_path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(self.ledger_path + ".new", self.ledger_path)

    # -- Login with Amazon

    def login(self, form):
        if form.get("grant_type") != "refresh_token":
            return 400, {"error": "unsupported_grant_type", "error_description": "Unsupported grant type"}
        if form.get("client_id") != "second-client" or form.get("client_secret") != "second-secret":
            return 401, {"error": "invalid_client", "error_description": "Client authentication failed"}
        if form.get("refresh_token") != "second-refresh":
            return 400, {"error": "invalid_grant", "error_description": "The request has an invalid grant"}
        token = "Atza|" + base64.b64encode(self.rng.randbytes(30)).decode()
        self.tokens[token] = now() + datetime.timedelta(hours=1)
        self.logins += 1
        self.save()
        return 200, {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": 3600,
            "refresh_token": Optional("second-refresh"),
        }

    # -- Orders 2026-01-01

    def included(self, query):
        included = set(filter(None, query.get("includedData", "").split(",")))
        unknown = included - INCLUDABLE
        if unknown:
            raise invalid("includedData has no %s" % ", ".join(sorted(unknown)))
        return included

    def search_orders(self, query):
        known = {
            "createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore", "fulfillmentStatuses",
            "marketplaceIds", "fulfilledBy", "maxResultsPerPage", "paginationToken", "includedData",
        }
        if set(query) - known:
            raise invalid("unknown parameters")
        if ("createdAfter" in query) == ("lastUpdatedAfter" in query):
            raise invalid("exactly one of createdAfter and lastUpdatedAfter")
        included = self.included(query)
        if query.get("fulfilledBy", "MERCHANT") not in ("MERCHANT", "AMAZON"):
            raise invalid("fulfilledBy")
        statuses = set(filter(None, query.get("fulfillmentStatuses", "").split(",")))
        if statuses - STATUSES:
            raise invalid("fulfillmentStatuses")
        if not 1 <= int(query.get("maxResultsPerPage", "100")) <= 100:
            raise invalid("maxResultsPerPage")
        same = {key: value for key, value in query.items()
                if key not in ("paginationToken", "maxResultsPerPage", "includedData")}
        start = 0
        before = now() - datetime.timedelta(minutes=2)
        if "paginationToken" in query:
            page = self.page_tokens.get(query["paginationToken"])
            if page is None:
                raise invalid("paginationToken is not one of ours")
            asked, start, before = page
            if asked != same:
                raise invalid("the other parameters must be those of the first page")
        after = parse_time(query.get("lastUpdatedAfter") or query["createdAfter"], "After")
        field = "updated" if "lastUpdatedAfter" in query else "created"
        markets = set(filter(None, query.get("marketplaceIds", "").split(",")))
        found = [
            order for order in sorted(self.orders.values(), key=lambda order: order[field])
            if order[field] > after
            and (not statuses or order["fulfillment"]["fulfillmentStatus"] in statuses)
            and (not markets or MARKETPLACE in markets)
            and query.get("fulfilledBy", "MERCHANT") == "MERCHANT"
        ]
        size = min(int(query.get("maxResultsPerPage", "100")), self.page)
        answer = {
            "orders": [wire_order(order, included) for order in found[start:start + size]],
            ("lastUpdatedBefore" if field == "updated" else "createdBefore"): stamp(before),
        }
        if start + size < len(found):
            token = base64.b64encode(self.rng.randbytes(20)).decode()
            self.page_tokens[token] = (same, start + size, before)
            answer["pagination"] = {"nextToken": token}
        else:
            answer["pagination"] = Optional({}, "left out", "null")
        return answer

    def get_order(self, number, query):
        if number not in self.orders:
            raise Refused(404, "NotFound", "There is no such order")
        return {"order": wire_order(self.orders[number], self.included(query))}

    # -- Shipping v2

    def get_rates(self, body):
        require(body, {"shipFrom": dict, "packages": list, "channelDetails": dict}, "GetRatesRequest")
        check_address(body["shipFrom"])
        if "shipDate" in body:
            parse_time(body["shipDate"], "shipDate")
        channel = body["channelDetails"]
        if channel.get("channelType") != "AMAZON":
            raise invalid("channelType")
        number = (channel.get("amazonOrderDetails") or {}).get("orderId")
        if number not in self.orders:
            raise invalid("orderId")
        order = self.orders[number]
        if order["fulfillment"]["fulfillmentStatus"] in ("PENDING", "CANCELLED"):
            raise invalid("Order doesn't exist in Rigel")
        if len(body["packages"]) != 1:
            raise invalid("one package for each shipment")
        package = body["packages"][0]
        check_package(package, order)
        token = "amzn1.rq." + "".join(self.rng.choices("0123456789abcdef.-", k=self.rng.choice([30, 900])))
        rates = make_rates(order, self.rng)
        for rate in rates:
            self.rates[rate["rateId"]] = rate
        self.quotes[token] = {"order": number, "package": package, "at": now(), "rates": [r["rateId"] for r in rates]}
        ineligible = [
            {
                "serviceId": "SECOND_PTP_AIR", "serviceName": "Second Air", "carrierId": "SECOND",
                "carrierName": "Second", "ineligibilityReasons": [
                    {"code": "UNKNOWN", "message": "Not an eligible ship method for this order."}],
            }
        ]
        return {
            "payload": {
                "requestToken": token,
                "rates": [wire_rate(rate) for rate in rates],
                "ineligibleRates": Optional(ineligible, "left out", "null"),
            }
        }

    def purchase(self, body, key):
        require(body, {"requestToken": str, "rateId": str, "requestedDocumentSpecification": dict}, "PurchaseShipmentRequest")
        if not key:
            raise invalid("x-amzn-IdempotencyKey")
        if key in self.by_key:
            asked, shipment = self.by_key[key]
            if asked != body:
                raise invalid("this key was used for another request")
            return bought(self.shipments[shipment])
        quote = self.quotes.get(body["requestToken"])
        if quote is None:
            raise invalid("requestToken")
        if now() - quote["at"] > datetime.timedelta(minutes=10):
            raise Refused(400, "TOKEN_EXPIRED", "The request token is expired.")
        if body["rateId"] not in quote["rates"]:
            raise invalid("rateId is not of this request token")
        rate = self.rates[body["rateId"]]
        specification = check_specification(body["requestedDocumentSpecification"], rate)
        services = check_services(body.get("requestedValueAddedServices", []), rate)
        order = self.orders[quote["order"]]
        live = [s for s in self.shipments.values() if s["orderId"] == quote["order"] and s["state"] == "bought"]
        if live or order["fulfillment"]["fulfillmentStatus"] in ("PENDING", "CANCELLED"):
            raise invalid("Order doesn't exist in Rigel")
        shipment = self.sell(order, quote, rate, specification, services, key)
        self.by_key[key] = (body, shipment["shipmentId"])
        self.save()
        return bought(shipment)

    def sell(self, order, quote, rate, specification, services, key):
        number = "amzn1.sid." + str(uuid.UUID(bytes=self.rng.randbytes(16), version=4))
        tracking = tracking_number(rate["carrierId"], self.rng)
        package = quote["package"]
        kinds = specification["requestedDocumentTypes"]
        documents = [
            {
                "type": kind, "format": specification["format"],
                "contents": document(specification["format"], kind, order, tracking, rate["serviceName"]),
            }
            for kind in (["LABEL"] if specification["needFileJoining"] else kinds)
        ]
        price = rate["price"] + sum((cost for _, cost in services), D(0))
        shipment = {
            "shipmentId": number, "orderId": order["number"], "state": "bought", "idempotencyKey": key,
            "packageClientReferenceId": package["packageClientReferenceId"], "trackingId": tracking,
            "carrierId": rate["carrierId"], "serviceId": rate["serviceId"], "price": str(price),
            "services": [name for name, _ in services], "format": specification["format"],
            "items": [
                {"orderItemId": one["itemIdentifier"], "quantity": one["quantity"],
                 "serialNumbers": one.get("serialNumbers", [])}
                for one in package["items"]
            ],
            "window": [stamp(moment) for moment in rate["window"]],
            "documents": documents,
        }
        self.shipments[number] = shipment
        order["fulfillment"]["fulfillmentStatus"] = "SHIPPED"
        order["updated"] = now()
        order["packages"].append({
            "packageReferenceId": str(len(order["packages"]) + 1),
            "packageStatus": {"status": "SHIPPED", "detailedStatus": Optional("PENDING_PICK_UP", "left out", "empty")},
            "carrier": rate["carrierName"], "shippingService": rate["serviceName"], "trackingNumber": tracking,
            "shipTime": Optional(stamp(now())), "packageItems": [
                {"orderItemId": one["orderItemId"], "quantity": one["quantity"],
                 "transparencyCodes": Optional(one["serialNumbers"], "left out", "null")}
                for one in shipment["items"]
            ],
        })
        return shipment

    def cancel(self, number):
        shipment = self.shipments.get(number)
        if shipment is None:
            raise Refused(404, "NotFound", "There is no such shipment")
        if shipment["state"] == "cancelled":
            raise invalid("The shipment is already cancelled")
        shipment["state"] = "cancelled"
        order = self.orders[shipment["orderId"]]
        order["updated"] = now()
        for package in order["packages"]:
            if package["trackingNumber"] == shipment["trackingId"]:
                package["packageStatus"] = {"status": "CANCELLED", "detailedStatus": "LABEL_CANCELLED"}
        self.save()
        return self.rng.choice([{}, {"payload": {}}])

    def documents(self, number, query):
        shipment = self.shipments.get(number)
        if shipment is None:
            raise Refused(404, "NotFound", "There is no such shipment")
        if query.get("packageClientReferenceId") != shipment["packageClientReferenceId"]:
            raise invalid("packageClientReferenceId")
        if "format" in query or "dpi" in query:
            raise invalid("format and dpi are those of the purchase")
        return {"payload": {"shipmentId": number, "packageDocumentDetail": detail(shipment)}}

    def tracking(self, query):
        for name in ("trackingId", "carrierId"):
            if not query.get(name):
                raise invalid(name)
        for shipment in self.shipments.values():
            if (shipment["trackingId"], shipment["carrierId"]) == (query["trackingId"], query["carrierId"]):
                return {
                    "payload": {
                        "trackingId": shipment["trackingId"], "alternateLegTrackingId": Optional("", "null", "empty"),
                        "promisedDeliveryDate": shipment["window"][1],
                        "summary": {"status": "PreTransit"},
                        "eventHistory": [
                            {"eventCode": "ReadyForReceive", "eventTime": stamp(now()),
                             "location": Optional({"city": "Columbus", "stateOrRegion": "OH", "countryCode": "US"})}
                        ],
                    }
                }
        raise Refused(404, "NotFound", "There is no such parcel")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    amazon = None

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def do_PUT(self):
        self.serve("PUT")

    def serve(self, method):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        url = urllib.parse.urlsplit(self.path)
        parts = [urllib.parse.unquote(part) for part in url.path.split("/")[1:]]
        with self.amazon.lock:
            operation = "unknown"
            try:
                query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True, strict_parsing=bool(url.query)))
                operation, act = self.route(method, parts, query, raw)
                self.amazon.requests[operation] = self.amazon.requests.get(operation, 0) + 1
                status, answer = act()
                self.amazon.save()
            except Refused as refused:
                status = refused.status
                answer = {"errors": [{"code": refused.code, "message": refused.message,
                                      "details": Optional("", "left out", "null")}]}
                self.amazon.refusals.append({"operation": operation, "why": refused.message})
                self.amazon.save()
            text = self.amazon.writer.write(answer)
            headers = [
                (self.amazon.rng.choice(["x-amzn-RequestId", "X-Amzn-Requestid", "x-amzn-requestid"]),
                 str(uuid.UUID(bytes=self.amazon.rng.randbytes(16), version=4))),
                ("Content-Type", self.amazon.rng.choice(["application/json", "application/json;charset=UTF-8"])),
            ]
            if status in (200, 400, 404) and self.amazon.rng.random() < 0.5:
                rate = {"searchOrders": "0.0056", "getOrder": "0.5"}.get(operation, "80.0")
                headers.append(("x-amzn-RateLimit-Limit", rate))
        self.answer(status, headers, text.encode())

    def answer(self, status, headers, data):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def route(self, method, parts, query, raw):
        amazon = self.amazon
        if (method, parts) == ("POST", ["auth", "o2", "token"]):
            form = dict(urllib.parse.parse_qsl(raw.decode()))
            return "login", lambda: amazon.login(form)
        self.admit()
        if method == "GET" and parts == ["orders", "2026-01-01", "orders"]:
            return "searchOrders", lambda: (200, amazon.search_orders(query))
        if method == "GET" and parts[:3] == ["orders", "2026-01-01", "orders"] and len(parts) == 4:
            return "getOrder", lambda: (200, amazon.get_order(parts[3], query))
        if parts[:2] != ["shipping", "v2"]:
            raise Refused(404, "NotFound", "There is nothing here")
        if self.headers.get("x-amzn-shipping-business-id") != "AmazonShipping_US":
            raise invalid("x-amzn-shipping-business-id")
        rest = parts[2:]
        if (method, rest) == ("POST", ["shipments", "rates"]):
            return "getRates", lambda: (200, amazon.get_rates(self.body(raw)))
        if (method, rest) == ("POST", ["shipments"]):
            key = self.headers.get("x-amzn-IdempotencyKey")
            return "purchaseShipment", lambda: (200, amazon.purchase(self.body(raw), key))
        if method == "PUT" and len(rest) == 3 and (rest[0], rest[2]) == ("shipments", "cancel"):
            return "cancelShipment", lambda: (200, amazon.cancel(rest[1]))
        if method == "GET" and len(rest) == 3 and (rest[0], rest[2]) == ("shipments", "documents"):
            return "getShipmentDocuments", lambda: (200, amazon.documents(rest[1], query))
        if (method, rest) == ("GET", ["tracking"]):
            return "getTracking", lambda: (200, amazon.tracking(query))
        raise Refused(404, "NotFound", "There is nothing here")

    def admit(self):
        """What every call must carry."""
        ends = self.amazon.tokens.get(self.headers.get("x-amz-access-token"))
        if ends is None or ends < now():
            raise Refused(403, "Unauthorized", "Access to requested resource is denied.")
        agent = self.headers.get("user-agent", "")
        if "Language=" not in agent or len(agent) > 500:
            raise invalid("user-agent")

    def body(self, raw):
        if not self.headers.get("content-type", "").startswith("application/json"):
            raise Refused(415, "InvalidRequest", "content-type")
        try:
            return json.loads(raw, parse_float=D)
        except ValueError:
            raise Refused(400, "InvalidRequest", "the body is not JSON") from None

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ledger", default="")
    parser.add_argument("--page", type=int, default=2, help="orders on a page of searchOrders")
    arguments = parser.parse_args()
    Handler.amazon = Amazon(arguments.seed, arguments.ledger, arguments.page)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    print("listening on 127.0.0.1:%d" % server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
