package dev.polywire.framed.service;

import static dev.polywire.framed.service.FramedBus.failure;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.Vectors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.serviceproxy.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** C3-7: requests and replies over connections whose messages are envelopes. */
class FramedRequestTest {

    private static final JsonObject CORRELATED =
            new JsonObject().put("correlation", true).put("codec", "utf8");

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private static JsonObject text(String text) {
        return new JsonObject().put("text", text);
    }

    private static Buffer envelope(Kind kind, long id, String content) {
        return FramedPeer.frame(new FramedEnvelope(kind, id, Buffer.buffer(content)).write());
    }

    private static FramedEnvelope read(FramedPeer peer) {
        return FramedEnvelope.read(peer.read());
    }

    /** Both ask, both answer, messages come between; replies come in any order. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "raw    | {\"bytes\":\"AP8=\"}",
                "raw    | {\"bytes\":\"\"}",
                "utf8   | {\"text\":\"häß\"}",
                "json   | {\"value\":null}",
                "json   | {\"value\":[1,{\"a\":true}]}",
                "cbor   | {\"value\":{\"$bytes\":\"AQ==\"}}",
                "pickle | {\"value\":{\"$tuple\":[1,null]}}",
            })
    void bothSidesAskAndAnswer(String codec, String message) {
        JsonObject options = new JsonObject().put("correlation", true).put("codec", codec);
        bus.client(bus.server(options), options);
        JsonObject content = new JsonObject(message);
        try (Items atServer = bus.items(bus.server());
                Items atClient = bus.items(bus.client())) {
            Future<JsonObject> first = bus.client().request(content);
            Future<JsonObject> second = bus.client().request(content);
            Outcome.value(bus.client().send(content));
            JsonObject asked = atServer.next();
            assertEquals(content.copy().put("connection", "1").put("request", "1"), asked);
            JsonObject again = atServer.next();
            assertEquals("2", again.getString("request"));
            assertEquals(content.copy().put("connection", "1"), atServer.next());
            Outcome.value(bus.server().send(again));
            Outcome.value(bus.server().send(asked));
            assertEquals(content.copy().put("connection", "1"), Outcome.value(second));
            assertEquals(content.copy().put("connection", "1"), Outcome.value(first));

            Future<JsonObject> back = bus.server().request(content.copy().put("connection", "1"));
            Outcome.value(bus.client().send(atClient.next()));
            assertEquals(content.copy().put("connection", "1"), Outcome.value(back));
        }
    }

    @Test
    void aPeerMayRefuse() {
        bus.client(bus.server(CORRELATED), CORRELATED);
        try (Items atServer = bus.items(bus.server())) {
            Future<JsonObject> asked = bus.client().request(text("may I?"));
            JsonObject item = atServer.next();
            ServiceException half = (ServiceException) Outcome.failure(
                    bus.server().refuse(item.getString("connection"), item.getString("request"), "no \ud800"));
            assertEquals(4400, half.failureCode());
            assertEquals("reason: half a surrogate pair (expected: Unicode text)", half.getMessage());
            Outcome.value(bus.server().refuse(item.getString("connection"), item.getString("request"), "no\nway"));
            ServiceException refused = (ServiceException) Outcome.failure(asked);
            assertEquals(4502, refused.failureCode());
            assertEquals(
                    new JsonObject("{\"message\":\"no\\\\u000away\"}"),
                    refused.getDebugInfo().getJsonObject("server"));
        }
    }

    /** Nobody answers by the deadline; the answer that comes later goes to nobody, and is counted. */
    @Test
    void lateRepliesGoToNobody() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            bus.client(door.port(), CORRELATED);
            FramedService hasty = FramedService.proxy(bus.vertx, FramedBus.CLIENT, 300);
            try (FramedPeer peer = door.accept()) {
                // A request that is not sent in time is UNAVAILABLE.
                Outcome.value(bus.client().ping());
                assertEquals("TIMEOUT", failure(hasty.request(text("one"))).split(" ")[0]);
                assertEquals(new FramedEnvelope(Kind.REQUEST, 1, Buffer.buffer("one")), read(peer));
                Future<JsonObject> second = bus.client().request(text("two"));
                assertEquals(2, read(peer).id());
                peer.write(envelope(Kind.REPLY, 1, "too late"));
                peer.write(envelope(Kind.REPLY, 2, "in time"));
                assertEquals("in time", Outcome.value(second).getString("text"));
                Future<JsonObject> third = bus.client().request(text("three"));
                peer.write(envelope(Kind.REPLY, 2, "twice")).write(envelope(Kind.FAILURE, 3, ""));
                assertEquals("REFUSED_BY_SERVER", failure(third).split(" ")[0]);
                assertEquals(2, bus.counter(bus.client(), "lateReplies"));
            }
        }
    }

    @Test
    void anOutstandingRequestDiesWithItsConnection() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            bus.client(door.port(), CORRELATED);
            FramedPeer peer = door.accept();
            Future<JsonObject> asked = bus.client().request(text("one"));
            read(peer);
            peer.close();
            assertEquals("UNKNOWN_OUTCOME", failure(asked).split(" ")[0]);
            try (FramedPeer next = door.accept()) {
                Future<JsonObject> again = bus.client().request(text("one"));
                assertEquals(1, read(next).id(), "a connection counts for itself");
                next.write(envelope(Kind.REPLY, 1, "here"));
                assertEquals("here", Outcome.value(again).getString("text"));
            }
        }
    }

    @Test
    void noMoreThanMaxOutstanding() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            bus.client(door.port(), CORRELATED.copy().put("maxOutstanding", 2));
            try (FramedPeer peer = door.accept()) {
                List<Future<JsonObject>> two =
                        List.of(bus.client().request(text("")), bus.client().request(text("")));
                read(peer);
                read(peer);
                assertEquals(
                        "OVERLOADED requests without a reply: 2 (expected: < 2)",
                        failure(bus.client().request(text(""))));
                peer.write(envelope(Kind.REPLY, 2, "")).write(envelope(Kind.REPLY, 1, ""));
                two.forEach(Outcome::value);
            }
        }
    }

    /** Nobody reads messages: those before the reply wait, and come in order when somebody does. */
    @Test
    void messagesBeforeAReplyAreNotLost() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            bus.client(door.port(), CORRELATED);
            try (FramedPeer peer = door.accept()) {
                Future<JsonObject> asked = bus.client().request(text("one"));
                read(peer);
                Buffer all = Buffer.buffer();
                for (int i = 0; i < 100; i++) {
                    all.appendBuffer(envelope(i % 2 == 0 ? Kind.MESSAGE : Kind.REQUEST, i % 2 == 0 ? 0 : i, "" + i));
                }
                peer.write(all.appendBuffer(envelope(Kind.REPLY, 1, "here"))
                        .appendBuffer(envelope(Kind.MESSAGE, 0, "100")));
                assertEquals("here", Outcome.value(asked).getString("text"));
                peer.close();
                try (Items items = bus.items(bus.client())) {
                    for (int i = 0; i <= 100; i++) {
                        JsonObject item = items.next();
                        assertEquals("" + i, item.getString("text"));
                        assertEquals(i % 2 == 0 ? null : "" + i, item.getString("request"));
                    }
                }
            }
        }
    }

    /** More than 64 KiB of them: the connection is not read on, and the reply comes when somebody reads. */
    @Test
    void tooManyMessagesBeforeAReplyHoldItBack() {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            bus.client(door.port(), CORRELATED);
            try (FramedPeer peer = door.accept()) {
                Future<JsonObject> asked = bus.client().request(text("one"));
                read(peer);
                for (int i = 0; i < 20; i++) {
                    peer.write(envelope(Kind.MESSAGE, 0, i + "x".repeat(10_000)));
                }
                peer.write(envelope(Kind.REPLY, 1, "here"));
                String late = failure(
                        FramedService.proxy(bus.vertx, FramedBus.CLIENT, 300).request(text("two")));
                assertEquals("TIMEOUT", late.split(" ")[0]);
                assertTrue(!asked.isComplete(), "it is behind them");
                try (Items items = bus.items(bus.client())) {
                    List<JsonObject> read = new ArrayList<>(items.next(20));
                    IntStream.range(0, 20)
                            .forEach(i ->
                                    assertTrue(read.get(i).getString("text").startsWith(i + "x")));
                    assertEquals("here", Outcome.value(asked).getString("text"));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "00,                          envelope: 1 bytes (expected: >= 9)",
        "09 0000000000000001,         envelope: kind 9 (expected: 0 to 3)",
        "00 0000000000000001 61,      envelope: id 1 (expected: 0 in a message)",
        "02 0000000000000007 61,      envelope: a reply to 7 (expected: the id of a request)",
        "03 ffffffffffffffff 61,      envelope: a reply to 18446744073709551615 (expected: the id of a request)",
    })
    void aMalformedEnvelopeIsAFailureInTheStream(String hex, String message) {
        int port = bus.server(CORRELATED);
        try (Items items = bus.items(bus.server());
                FramedPeer peer = FramedPeer.connect(port)) {
            peer.write(FramedPeer.frame(Vectors.bytes(hex))).write(envelope(Kind.MESSAGE, 0, "goes on"));
            JsonObject failure = items.next().getJsonObject("failure");
            assertEquals(4520, failure.getInteger("code"));
            assertEquals(message, failure.getString("message"));
            assertEquals(text("goes on").put("connection", "1"), items.next());
            assertEquals(1, bus.counter(bus.server(), "undecodable"));
        }
    }

    @Test
    void whatTheCodecCannotReadIsRefused() {
        int port = bus.server(CORRELATED);
        try (Items items = bus.items(bus.server());
                FramedPeer peer = FramedPeer.connect(port)) {
            peer.write(FramedPeer.frame(Vectors.bytes("01 0000000000000005 ff")));
            assertTrue(items.next().containsKey("failure"));
            assertEquals(FramedEnvelope.failure(5, "the request cannot be read"), read(peer));
            peer.write(envelope(Kind.REQUEST, 6, "ask me"));
            items.next();
            Future<JsonObject> asked = bus.server().request(text("you").put("connection", "1"));
            assertEquals(Kind.REQUEST, read(peer).kind());
            peer.write(FramedPeer.frame(Vectors.bytes("02 0000000000000001 ff")));
            assertEquals("PROTOCOL_VIOLATION", failure(asked).split(" ")[0]);
        }
    }

    @Test
    void broadcastsAndTheRawDoorHaveEnvelopesToo() {
        int port = bus.server(CORRELATED);
        try (Items items = bus.items(bus.server());
                FramedPeer peer = FramedPeer.connect(port)) {
            peer.write(envelope(Kind.REQUEST, -1, "hi"));
            JsonObject item = items.next();
            assertEquals("18446744073709551615", item.getString("request"));
            Outcome.value(bus.server().broadcast(text("all")));
            assertEquals(new FramedEnvelope(Kind.MESSAGE, 0, Buffer.buffer("all")), read(peer));
            Outcome.value(raw("send", "18446744073709551615"));
            assertEquals(new FramedEnvelope(Kind.REPLY, -1, Buffer.buffer("raw")), read(peer));
            Outcome.value(raw("send", null));
            assertEquals(new FramedEnvelope(Kind.MESSAGE, 0, Buffer.buffer("raw")), read(peer));
            Future<Object> asked = raw("request", null);
            assertEquals(new FramedEnvelope(Kind.REQUEST, 1, Buffer.buffer("raw")), read(peer));
            peer.write(envelope(Kind.REPLY, 1, "bytes"));
            assertEquals(Buffer.buffer("bytes"), Outcome.value(asked));
        }
    }

    private Future<Object> raw(String action, String request) {
        DeliveryOptions options =
                new DeliveryOptions().addHeader("action", action).addHeader("connection", "1");
        if (request != null) {
            options.addHeader("request", request);
        }
        return bus.vertx
                .eventBus()
                .request(FramedBus.SERVER + ".raw", Buffer.buffer("raw"), options)
                .map(reply -> reply.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"text\":\"a\",\"request\":\"1\"} | BAD_REQUEST connection: missing (expected: that of the request)",
                "{\"text\":\"a\",\"connection\":\"1\",\"request\":\"-1\"} | BAD_REQUEST request: not an id (expected: that of an item)",
                "{\"text\":\"a\",\"connection\":\"9\",\"request\":\"1\"} | NOT_FOUND connection: not up any more",
                "{\"text\":\"a\",\"connection\":\"1\",\"request\":1} | BAD_REQUEST message.request: 1 (expected: a string)",
            })
    void whatTheCallerGotWrong(String message, String failure) {
        bus.server(CORRELATED);
        assertEquals(failure, failure(bus.server().send(new JsonObject(message))));
    }

    /** A plain peer sees plain bytes, and requests are not to be had. */
    @Test
    void itIsOffUnlessSaid() {
        int port = bus.server("utf8");
        try (Items items = bus.items(bus.server());
                FramedPeer peer = FramedPeer.connect(port).send("hi")) {
            JsonObject item = items.next();
            String off = "BAD_REQUEST correlation: off (expected: on, at both ends)";
            assertEquals(off, failure(bus.server().request(item)));
            assertEquals(off, failure(bus.server().refuse("1", "1", "no")));
            assertEquals(
                    "BAD_REQUEST message.request: unknown field",
                    failure(bus.server().send(item.copy().put("request", "1"))));
            Outcome.value(bus.server().send(item));
            assertEquals("hi", peer.text());
            await().until(() -> bus.counter(bus.server(), "sent") == 1);
        }
    }
}
