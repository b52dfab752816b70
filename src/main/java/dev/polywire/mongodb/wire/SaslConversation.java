package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import org.bson.BsonBinary;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/**
 * A SASL mechanism in MongoDB's commands (authentication specification).
 *
 * <pre>
 *   C: {saslStart: 1, mechanism, payload, autoAuthorize: 1, options: {skipEmptyExchange: true}, $db}
 *   S: {conversationId: 1, done: false, payload, ok: 1}
 *   C: {saslContinue: 1, conversationId: 1, payload, $db}        and so on until done: true
 * </pre>
 *
 * <p>Servers that know no skipEmptyExchange, or pass over it, say {@code done: false} once more behind their proof: they get an
 * empty payload. That a server is done before the client has verified it is refused.
 */
public final class SaslConversation implements AuthConversation {

    private final String mechanism;
    private final String source;
    private final SaslExchange exchange;
    private final boolean skipsEmptyExchange;

    private @Nullable Integer conversationId;
    private boolean verified;
    private boolean computing;

    /** @param skipsEmptyExchange the server is asked for it, as with the mechanisms whose last word is the server's */
    public SaslConversation(String mechanism, String source, SaslExchange exchange, boolean skipsEmptyExchange) {
        this.mechanism = mechanism;
        this.source = source;
        this.exchange = exchange;
        this.skipsEmptyExchange = skipsEmptyExchange;
    }

    @Override
    public Buffer first() {
        return start("$db");
    }

    @Override
    public Buffer speculative() {
        return start("db");
    }

    @Override
    public AuthStep answered(Buffer checked) {
        if (computing) {
            throw new IllegalStateException("answer: while keys are computed");
        }
        try {
            return moved(checked);
        } catch (ProtocolException wrong) {
            return new AuthStep.AuthRefused(mechanism + ": " + wrong.getMessage(), null);
        }
    }

    @Override
    public AuthStep computed(ScramKeys keys) {
        if (!computing) {
            throw new IllegalStateException("keys: nobody asked for them");
        }
        computing = false;
        return goOn(exchange.computed(keys));
    }

    private AuthStep moved(Buffer checked) {
        SaslReply reply = SaslReply.read(checked);
        if (conversationId != null && conversationId != reply.conversationId()) {
            throw ProtocolException.decode("conversationId: another one (expected: that of the first answer)");
        }
        conversationId = reply.conversationId();
        if (verified) {
            if (!reply.done() || reply.payload().length() > 0) {
                throw ProtocolException.decode("done: false behind the empty exchange (expected: true, no payload)");
            }
            return new AuthStep.Authenticated();
        }
        SaslExchange.SaslMove move = exchange.answered(reply.payload());
        verified = move instanceof SaslExchange.Verified;
        if (reply.done() && !verified) {
            throw ProtocolException.decode("done: true before the server is verified (expected: false)");
        }
        if (move instanceof SaslExchange.NeedKeys need) {
            computing = true;
            return new AuthStep.DeriveKeys(need.derivation());
        }
        if (move instanceof SaslExchange.SendPayload next) {
            return goOn(next.payload());
        }
        return reply.done() ? new AuthStep.Authenticated() : goOn(Buffer.buffer());
    }

    private Buffer start(String database) {
        return BsonOut.document(out -> {
            out.writeInt32("saslStart", 1);
            out.writeString("mechanism", mechanism);
            payload(out, exchange.first());
            if (skipsEmptyExchange) {
                out.writeInt32("autoAuthorize", 1);
                out.writeStartDocument("options");
                out.writeBoolean("skipEmptyExchange", true);
                out.writeEndDocument();
            }
            out.writeString(database, source);
        });
    }

    private AuthStep goOn(Buffer payload) {
        int id = conversationId == null ? 0 : conversationId;
        return new AuthStep.SendCommand(BsonOut.document(out -> {
            out.writeInt32("saslContinue", 1);
            out.writeInt32("conversationId", id);
            payload(out, payload);
            out.writeString("$db", source);
        }));
    }

    private static void payload(BsonBinaryWriter out, Buffer bytes) {
        out.writeBinaryData("payload", new BsonBinary(bytes.getBytes()));
    }

    /** Without payloads. */
    @Override
    public String toString() {
        return "SaslConversation[" + mechanism + "]";
    }

    /** The fields of an answer. */
    private record SaslReply(int conversationId, boolean done, Buffer payload) {

        static SaslReply read(Buffer checked) {
            Integer conversationId = null;
            Boolean done = null;
            Buffer payload = null;
            try (BsonBinaryReader in = BsonFields.reader(checked)) {
                in.readStartDocument();
                while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                    BsonType type = in.getCurrentBsonType();
                    String name = in.readName();
                    if (name.equals("conversationId") && type == BsonType.INT32) {
                        conversationId = in.readInt32();
                    } else if (name.equals("done") && type == BsonType.BOOLEAN) {
                        done = in.readBoolean();
                    } else if (name.equals("payload") && type == BsonType.BINARY) {
                        payload = Buffer.buffer(in.readBinaryData().getData());
                    } else {
                        in.skipValue();
                    }
                }
            }
            if (conversationId == null || done == null || payload == null) {
                throw ProtocolException.decode(
                        "answer: incomplete (expected: conversationId int32, done boolean, payload binary)");
            }
            return new SaslReply(conversationId, done, payload);
        }

        @Override
        public String toString() {
            return "SaslReply[done=" + done + "]";
        }
    }
}
