package dev.polywire.mongodb.client;

import dev.polywire.mongodb.wire.Documents;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** What a server says wrong within SCRAM, and what is said of it. */
final class LoginFaults {

    /**
     * @param first the server's first answer; otherwise its last
     * @param change of the answer's fields
     * @param said of it
     */
    record Fault(String name, boolean first, UnaryOperator<BsonDocument> change, String said) {

        /** The whole answer with the fault: of a command, or of a hello that has begun the login. */
        Buffer in(Buffer honest) {
            BsonDocument answer = Documents.parsed(honest);
            String begun = "speculativeAuthenticate";
            if (answer.containsKey(begun)) {
                answer.put(begun, change.apply(answer.getDocument(begun)));
                return Documents.bson(answer);
            }
            return Documents.bson(change.apply(answer));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private LoginFaults() {}

    static Stream<Fault> all() {
        return Stream.of(ofIterations(), ofTheFirst(), ofTheLast()).flatMap(faults -> faults);
    }

    private static Stream<Fault> ofIterations() {
        return Stream.of("0", "1", "4095", "100001", "2147483647", "99999999999", "-1", "04096", "many", "")
                .map(count -> text(
                        "M40 i=" + count,
                        true,
                        text -> text.replace("i=4096", "i=" + count),
                        count.matches("[1-9]\\d{0,9}")
                                ? "SCRAM iterations: " + count + " (expected: 4096 to 100000)"
                                : count.isEmpty() ? "server-first i=: empty" : "server-first i=: no number"));
    }

    private static Stream<Fault> ofTheFirst() {
        String both = "server-first r=: other than ours with more behind it";
        return Stream.of(
                text("M40 another nonce", true, text -> text.replaceFirst("r=...", "r=___"), both),
                text("M40 nonce equal to ours", true, LoginFaults::onlyOurNonce, both),
                text("part of our nonce", true, text -> "r=" + text.substring(2, 8) + text.substring(28), both),
                text("no nonce", true, text -> text.substring(text.indexOf("s=")), "server-first r=: missing"),
                text("extension", true, text -> "m=x," + text, "server-first r=: missing"),
                text("no salt", true, text -> text.replaceFirst("s=[^,]*,", ""), "server-first s=: missing"),
                text("empty salt", true, text -> text.replaceFirst("s=[^,]*,", "s=,"), "server-first s=: empty"),
                text("odd salt", true, text -> text.replaceFirst("s=[^,]*,", "s=%,"), "server-first s=: not base64"),
                text("no iterations", true, text -> text.replace(",i=4096", ""), "server-first i=: missing"),
                text("long", true, text -> text + ",x=" + "x".repeat(5_000), "server-first: too long"),
                text("nothing", true, text -> "", "server-first r=: missing"),
                new Fault(
                        "no UTF-8",
                        true,
                        payload(new byte[] {'r', '=', (byte) 0xff}),
                        "server-first: too long, or not"),
                new Fault("M40 done: true early", true, with("done", BsonBoolean.TRUE), "done: true before the server"),
                new Fault("payload as text", true, with("payload", new BsonString("r=")), "answer: incomplete"),
                new Fault("no conversationId", true, without("conversationId"), "answer: incomplete"),
                new Fault("no done", true, without("done"), "answer: incomplete"),
                new Fault("another mechanism's", true, x509(), "answer: incomplete"));
    }

    private static Stream<Fault> ofTheLast() {
        String signature = "server-final v=: wrong (expected: the signature of a server that knows the user)";
        return Stream.of(
                text("M40 no v=", false, text -> "", "server-final v=: missing"),
                text("M40 wrong v=", false, text -> "v=" + "A".repeat(text.length() - 3) + "=", signature),
                text("M40 v= cut", false, text -> "v=AAAA", signature),
                text("v= empty", false, text -> "v=", "server-final v=: empty"),
                text("v= odd", false, text -> "v=%", "server-final v=: not base64"),
                text("error", false, text -> "e=other-error", "server-final: an error (expected: a signature)"),
                text("the first again", false, text -> "r=x,s=QQ==,i=4096", "server-final v=: missing"),
                new Fault("another conversation", false, with("conversationId", new BsonInt32(2)), "conversationId"),
                new Fault("no payload", false, without("payload"), "answer: incomplete"),
                new Fault("done as a number", false, with("done", new BsonInt32(1)), "answer: incomplete"));
    }

    /** Our nonce has 24 bytes of base64 or more; the server's stands behind it. */
    private static String onlyOurNonce(String text) {
        int comma = text.indexOf(',');
        return text.substring(0, 2 + (comma - 2) / 2) + text.substring(comma);
    }

    private static Fault text(String name, boolean first, UnaryOperator<String> change, String said) {
        return new Fault(
                name,
                first,
                answer -> {
                    String text = new String(answer.getBinary("payload").getData(), StandardCharsets.UTF_8);
                    return payload(change.apply(text).getBytes(StandardCharsets.UTF_8))
                            .apply(answer);
                },
                said);
    }

    private static UnaryOperator<BsonDocument> payload(byte[] bytes) {
        return with("payload", new BsonBinary(bytes));
    }

    private static UnaryOperator<BsonDocument> with(String field, BsonValue value) {
        return answer -> {
            answer.put(field, value);
            return answer;
        };
    }

    private static UnaryOperator<BsonDocument> without(String field) {
        return answer -> {
            answer.remove(field);
            return answer;
        };
    }

    private static UnaryOperator<BsonDocument> x509() {
        return answer -> BsonDocument.parse("{dbname: '$external', user: 'CN=x', ok: 1}");
    }
}
