package dev.polywire.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.json.Fields;
import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BridgeMachineTest {

    private static final String SEND =
            "{'type':'send','address':'a','replyAddress':'r','headers':{'action':'x'},'body':{'b':[1]}}";
    private static final String U200 = "u".repeat(200);

    static BridgeMachine machine(int maxFrameBytes) {
        return machine(new JsonObject().put("maxFrameBytes", maxFrameBytes), false, FrameTap.NONE);
    }

    private static BridgeMachine machine(JsonObject limits, boolean login, FrameTap tap) {
        return new BridgeMachine(BridgeLimits.fromJson(Fields.of(limits)), login, tap, 0);
    }

    private static Buffer frame(String json) {
        return Buffer.buffer(BridgeClient.frame(json.replace('\'', '"')));
    }

    private static List<BridgeFrame> events(BridgeMachine machine, Buffer... reads) {
        List<BridgeFrame> events = new ArrayList<>();
        for (Buffer read : reads) {
            machine.receive(read, 0);
            for (BridgeFrame event = machine.nextEvent(); event != null; event = machine.nextEvent()) {
                events.add(event);
            }
        }
        return events;
    }

    private static String said(BridgeMachine machine) {
        StringBuilder all = new StringBuilder();
        for (Buffer out = machine.takeOutput(); out != null; out = machine.takeOutput()) {
            all.append(out);
        }
        return all.toString();
    }

    /** What each frame is read as: a Send, a Ping, or the word of its refusal. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Ping                | {'type':'ping'}",
                "Ping                | {'type':'ping','address':null,'extra':null}",
                "unknown_field       | {'type':'ping','extra':1}",
                "Send                | {'type':'send','address':'a'}",
                "Send                | {'type':'send','address':'a','replyAddress':null,'headers':null,'body':null}",
                "Send                | {'type':'send','address':'a','failureCode':null}",
                "Send                | {'type':'send','address':'a','headers':{},'body':{}}",
                "Send                | {'type':'send','address':'U200','replyAddress':'U200'}",
                "unknown_field       | {'type':'send','address':'a','failureCode':3}",
                "bad_address         | {'type':'send'}",
                "bad_address         | {'type':'send','address':''}",
                "bad_address         | {'type':'send','address':7}",
                "bad_address         | {'type':'send','address':['a']}",
                "bad_address         | {'type':'send','address':'U200u'}",
                "bad_reply_address   | {'type':'send','address':'a','replyAddress':''}",
                "bad_reply_address   | {'type':'send','address':'a','replyAddress':false}",
                "bad_reply_address   | {'type':'send','address':'a','replyAddress':'U200u'}",
                "access_denied       | {'type':'send','address':'__vertx.reply.1','body':1}",
                "bad_headers         | {'type':'send','address':'a','headers':'x'}",
                "bad_headers         | {'type':'send','address':'a','headers':[]}",
                "bad_headers         | {'type':'send','address':'a','headers':{'n':1}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'n':null}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'':'v'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'U200u':'v'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'a b':'v'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'a\\n':'v'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'localOnl\\u0177':'v'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'action':'x','Action':'y'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'timeout':1,'TIMEOUT':'2'}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'timeout':1.5}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'timeout':true}}",
                "bad_headers         | {'type':'send','address':'a','headers':{'timeout':'1s'}}",
                "forbidden_header    | {'type':'send','address':'a','headers':{'codecName':'x'}}",
                "forbidden_header    | {'type':'send','address':'a','headers':{'CODECNAME':'x'}}",
                "forbidden_header    | {'type':'send','address':'a','headers':{'localOnly':'true'}}",
                "forbidden_header    | {'type':'send','address':'a','headers':{'polywire-caller':'x'}}",
                "forbidden_header    | {'type':'send','address':'a','headers':{'Polywire-Caller':'x'}}",
                "bad_body            | {'type':'send','address':'a','body':'text'}",
                "bad_body            | {'type':'send','address':'a','body':[]}",
                "bad_body            | {'type':'send','address':'a','body':0}",
                "bad_body            | {'type':'publish','address':'a','body':'text'}",
                "Publish             | {'type':'publish','address':'a'}",
                "Publish             | {'type':'publish','address':'a','headers':{'action':'x'},'body':{'b':1}}",
                "unknown_field       | {'type':'publish','address':'a','replyAddress':'r'}",
                "access_denied       | {'type':'publish','address':'polywire.holds'}",
                "Register            | {'type':'register','address':'a'}",
                "Register            | {'type':'register','address':'a','headers':{},'body':null}",
                "Register            | {'type':'register','address':'a','replyAddress':'r'}",
                "bad_reply_address   | {'type':'register','address':'a','replyAddress':1}",
                "bad_address         | {'type':'register'}",
                "access_denied       | {'type':'register','address':'__vertx.reply.1'}",
                "access_denied       | {'type':'register','address':'polywire.reply.1'}",
                "access_denied       | {'type':'register','address':'polywire.leaving'}",
                "Unregister          | {'type':'unregister','address':'a'}",
                "unknown_field       | {'type':'unregister','address':'a','body':{}}",
                "Auth                | {'type':'auth','token':'secret'}",
                "bad_token           | {'type':'auth'}",
                "bad_token           | {'type':'auth','token':''}",
                "bad_token           | {'type':'auth','token':['secret']}",
                "unknown_field       | {'type':'auth','token':'secret','name':'x'}",
                "Send                | {'type':'send','address':'polywire.reply.1','body':[1]}",
                "bad_reply_address   | {'type':'send','address':'polywire.reply.1','replyAddress':'r'}",
                "Err                 | {'type':'send','address':'polywire.reply.1','failureCode':3,'message':'m'}",
                "Err                 | {'type':'err','address':'polywire.reply.1','failureCode':4404}",
                "Err                 | {'type':'err','address':'a','failureCode':-1,'message':'m','debugInfo':{}}",
                "bad_body            | {'type':'err','address':'a'}",
                "bad_body            | {'type':'err','address':'a','failureCode':'4404'}",
                "bad_body            | {'type':'err','address':'a','failureCode':9999999999}",
                "bad_body            | {'type':'err','address':'a','failureCode':1,'message':[]}",
                "bad_body            | {'type':'err','address':'a','failureCode':1,'debugInfo':'x'}",
                "bad_address         | {'type':'err','failureCode':1}",
                "unknown_type        | {'type':'message','address':'a'}",
                "unknown_type        | {'type':'SEND','address':'a'}",
                "unknown_type        | {'type':5}",
                "unknown_type        | {}",
                "bad_json            | []",
                "bad_json            | null",
                "bad_json            | {nope",
                "bad_json            | {'type':'ping'}{}",
                "bad_json            | {'type':'ping','type':'ping'}",
                "bad_json            | {'type':'ping','n':1e400}",
                "bad_json            | ``",
            })
    void readsFramesStrictly(String expected, String json) {
        List<BridgeFrame> events = events(machine(65_536), frame(json.replace("U200", U200)));
        assertEquals(1, events.size());
        assertEquals(expected, word(events.get(0)));
    }

    private static String word(BridgeFrame frame) {
        return frame instanceof BridgeFrame.Bad bad
                ? bad.refusal().word()
                : frame.getClass().getSimpleName();
    }

    @ParameterizedTest
    @CsvSource({
        "5,5",
        "'5',5",
        "0,0",
        "-1,-1",
        "4611686018427387904,4611686018427387904",
        "99999999999999999999,9223372036854775807",
        "'-99999999999999999999',-9223372036854775808",
    })
    void readsTimeoutsOfAnySize(String timeout, long expected) {
        for (String text : List.of(timeout, '"' + timeout + '"')) {
            BridgeFrame event = events(
                            machine(65_536), frame("{'type':'send','address':'a','headers':{'timeout':" + text + "}}"))
                    .get(0);
            BridgeHeaders headers =
                    assertInstanceOf(BridgeFrame.Send.class, event).headers();
            assertEquals(expected, headers.timeoutMillis());
            assertTrue(headers.values().isEmpty());
        }
    }

    @Test
    void keepsTheReplyAddressOfABadFrame() {
        BridgeFrame event = events(machine(65_536), frame("{'type':'zzz','address':'a','replyAddress':'r'}"))
                .get(0);
        BridgeFrame.Bad bad = assertInstanceOf(BridgeFrame.Bad.class, event);
        assertEquals("r", bad.replyAddress());
        assertEquals("a", bad.address());
    }

    @Test
    void boundsHeaders() {
        JsonObject many = new JsonObject();
        for (int i = 0; i <= BridgeHeaders.MAX_HEADERS; i++) {
            many.put("h" + i, "v");
        }
        JsonObject large = new JsonObject().put("h", "v".repeat(BridgeHeaders.MAX_CHARACTERS));
        JsonObject fits = new JsonObject().put("h", "v".repeat(BridgeHeaders.MAX_CHARACTERS - 1));
        for (JsonObject headers : List.of(many, large)) {
            assertEquals("bad_headers", word(FrameJson.read(send(headers))));
        }
        assertEquals("Send", word(FrameJson.read(send(fits))));
    }

    private static JsonObject send(JsonObject headers) {
        return new JsonObject().put("type", "send").put("address", "a").put("headers", headers);
    }

    @Test
    void readsTheSameHoweverItIsCut() {
        Buffer all = Buffer.buffer()
                .appendBuffer(frame(SEND))
                .appendBuffer(frame("{'type':'zzz'}"))
                .appendBuffer(Buffer.buffer().appendInt(0))
                .appendBuffer(frame("{'type':'ping'}"));
        List<BridgeFrame> whole = events(machine(65_536), all.copy());
        assertEquals(
                List.of("Send", "unknown_type", "bad_json", "Ping"),
                whole.stream().map(BridgeMachineTest::word).toList());
        for (int cut = 0; cut <= all.length(); cut++) {
            assertEquals(
                    whole,
                    events(machine(65_536), all.getBuffer(0, cut), all.getBuffer(cut, all.length())),
                    "cut at " + cut);
        }
        Buffer[] bytes = new Buffer[all.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = all.getBuffer(i, i + 1);
        }
        assertEquals(whole, events(machine(65_536), bytes));
    }

    @Test
    void refusesMalformedUtf8AndOtherEncodings() {
        byte[] overlong = {'"', (byte) 0xC0, (byte) 0x80, '"'};
        byte[] surrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
        byte[] utf16 = "{\"type\":\"ping\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE);
        for (byte[] bad : List.of(overlong, surrogate, utf16)) {
            Buffer frame = Buffer.buffer().appendInt(bad.length).appendBytes(bad);
            BridgeFrame event = events(machine(65_536), frame).get(0);
            String detail = assertInstanceOf(BridgeFrame.Bad.class, event).detail();
            assertTrue(detail.startsWith(bad == utf16 ? "json: malformed" : "json: not UTF-8"), detail);
        }
    }

    @Test
    void boundsDepth() {
        // The frame itself is the first level, the value of "b" the second.
        String fits = "[".repeat(62) + "]".repeat(62);
        assertEquals("Send", word(deep(fits)));
        assertEquals("bad_json", word(deep('[' + fits + ']')));
        assertEquals("bad_json", word(deep("[".repeat(63))));
    }

    private static BridgeFrame deep(String value) {
        return events(machine(65_536), frame("{'type':'send','address':'a','body':{'b':" + value + "}}"))
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({"ffffffff", "7fffffff", "80000000", "00000401"})
    void tooLargeAFrameIsRefusedByItsLengthAloneAndEndsTheStream(String length) {
        BridgeMachine machine = machine(1_024);
        Buffer header = Buffer.buffer(java.util.HexFormat.of().parseHex(length));
        machine.receive(header.copy(), 5_000);
        assertEquals("frame_too_large", word(machine.nextEvent()));

        machine.receive(frame(SEND), 5_500);
        assertNull(machine.nextEvent());
        assertEquals(6_000, machine.deadlineMillis());
        machine.tick(5_999);
        ProtocolException end = assertThrows(ProtocolException.class, () -> machine.tick(6_000));
        assertEquals(ProtocolException.Kind.LIMIT, end.kind());
        assertNull(machine.nextEvent());
    }

    @Test
    void theLargestFrameIsRead() {
        String json = "{'type':'send','address':'a','body':{'b':'" + "x".repeat(1_024 - 45) + "'}}";
        Buffer frame = frame(json);
        assertEquals(1_024, frame.getInt(0));
        assertEquals("Send", word(events(machine(1_024), frame).get(0)));
    }

    @Test
    void writesStockFrames() {
        BridgeMachine machine = machine(1_024);
        machine.write(new JsonObject().put("type", "pong"));
        assertEquals("\0\0\0\17{\"type\":\"pong\"}", said(machine));

        MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("h", "v");
        machine.write(Outbox.message("r", null, headers, true, new JsonObject().put("n", 1)));
        String message = "{\"type\":\"message\",\"address\":\"r\",\"headers\":{\"h\":\"v\"},\"send\":true,"
                + "\"body\":{\"n\":1}}";
        assertEquals("\0\0\0" + (char) message.length() + message, said(machine));
    }

    @Test
    void aReplyThatCannotBeWrittenIsRefused() {
        BridgeMachine machine = machine(1_024);
        MultiMap none = MultiMap.caseInsensitiveMultiMap();
        RefusedException large = assertThrows(
                RefusedException.class,
                () -> machine.write(Outbox.message("r", null, none, true, "x".repeat(4_194_304))));
        assertEquals(Refusal.REPLY_TOO_LARGE, large.refusal());
        RefusedException foreign = assertThrows(
                RefusedException.class,
                () -> machine.write(Outbox.message("r", null, none, true, new JsonObject().put("t", new Thread()))));
        assertEquals(Refusal.REPLY_NOT_JSON, foreign.refusal());
        assertEquals(0, machine.outputBytes());
    }

    @Test
    void garbageGivesEventsOrEndsTheStream() {
        Random random = new Random(20_261_121);
        byte[] valid = BridgeClient.frame(SEND.replace('\'', '"'));
        int ended = 0;
        int refused = 0;
        int read = 0;
        for (int round = 0; round < 100_000; round++) {
            BridgeMachine machine = machine(1_024);
            byte[] bytes = round % 2 == 0 ? valid.clone() : new byte[random.nextInt(64)];
            if (round % 2 == 0) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            } else {
                random.nextBytes(bytes);
                if (bytes.length > 4 && round % 4 == 1) {
                    bytes[0] = bytes[1] = bytes[2] = 0;
                    bytes[3] = (byte) random.nextInt(bytes.length);
                }
            }
            for (BridgeFrame event : events(machine, Buffer.buffer(bytes))) {
                read++;
                refused += event instanceof BridgeFrame.Bad ? 1 : 0;
            }
            if (machine.deadlineMillis() == BridgeMachine.FAREWELL_MILLIS) {
                assertThrows(ProtocolException.class, () -> machine.tick(Long.MAX_VALUE));
                ended++;
            }
        }
        assertTrue(ended > 1_000 && refused > ended && read > refused, ended + " " + refused + " " + read);
    }

    @Test
    void showsTheTapWhatAFrameIsAndNeverItsBody() {
        List<String> seen = new ArrayList<>();
        BridgeMachine machine = machine(
                new JsonObject(),
                false,
                (sent, name, bytes, secret) -> seen.add((sent ? "-> " : "<- ") + name + (secret ? " masked" : "")));
        String send = "{\"type\":\"send\",\"address\":\"a\",\"headers\":{\"action\":\"go\"}}";
        events(machine, Buffer.buffer().appendInt(send.length()).appendString(send));
        machine.write(new JsonObject().put("type", "pong"));
        assertEquals(List.of("<- send a go masked", "-> pong masked"), seen);
    }
}
