package dev.polywire.mongodb.server;

import dev.polywire.core.wire.ProtocolException;
import dev.polywire.mongodb.store.MongoErrorCode;
import dev.polywire.mongodb.wire.BsonFields;
import dev.polywire.mongodb.wire.MongoCredential;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.mongodb.wire.ScramServer;
import dev.polywire.mongodb.wire.ScramUser;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.bson.BSONException;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the authentication of one connection: SCRAM, PLAIN and MONGODB-X509, in commands and in the hello. It
 * knows one user. A refusal is always the same one, code 18.
 */
public final class ScriptedLogin {

    /** What servers refuse a login with, whatever is wrong. */
    static final Buffer REFUSED =
            MongoAnswers.refused(MongoErrorCode.AUTHENTICATION_FAILED.with("Authentication failed."));

    private static final List<String> COMMANDS = List.of("saslStart", "saslContinue", "authenticate");
    private static final byte[] SALT = "a scripted salt!".getBytes(StandardCharsets.US_ASCII);
    private static final int CONVERSATION = 1;

    /**
     * How the server behaves.
     *
     * @param skipsEmptyExchange false: says {@code done: false} behind its proof, as servers before 4.4 and FerretDB do
     * @param speculative whether it answers what is begun in a hello
     * @param iterations of SCRAM that it says; out of bounds for a server that is wrong, see {@link ScramUser#of}
     */
    public record Manner(boolean skipsEmptyExchange, boolean speculative, int iterations) {

        /** A server of today. */
        public static final Manner TODAY = new Manner(true, true, 4_096);
    }

    private final Manner manner;
    private final MongoCredential known;
    private final Supplier<String> nonces;
    private final Map<ScramHash, ScramUser> users = new EnumMap<>(ScramHash.class);

    private @Nullable ScramServer scram;
    private boolean proved;
    private boolean authenticated;

    /** @param known its password null: by certificate only @param mechanisms of SCRAM, that the user may use */
    public ScriptedLogin(Manner manner, MongoCredential known, List<ScramHash> mechanisms, Supplier<String> nonces) {
        this.manner = manner;
        this.known = known;
        this.nonces = nonces;
        mechanisms.forEach(each -> users.put(each, ScramUser.of(each, known, SALT, manner.iterations())));
    }

    private ScriptedLogin(ScriptedLogin like) {
        this.manner = like.manner;
        this.known = like.known;
        this.nonces = like.nonces;
        users.putAll(like.users);
    }

    /** The same for another connection, without hashing again. */
    public ScriptedLogin another() {
        return new ScriptedLogin(this);
    }

    /** Whether the client is known. */
    public boolean isAuthenticated() {
        return authenticated;
    }

    /** Writes its fields of the answer to a hello. */
    public void writeTo(BsonBinaryWriter answer, Buffer hello) {
        BsonDocument asked = new RawBsonDocument(hello.getBytes());
        if (new BsonString(known.source() + "." + known.user()).equals(asked.get("saslSupportedMechs"))) {
            answer.writeStartArray("saslSupportedMechs");
            users.keySet().forEach(each -> answer.writeString(each.mechanism()));
            answer.writeEndArray();
        }
        if (manner.speculative() && asked.isDocument("speculativeAuthenticate")) {
            Consumer<BsonBinaryWriter> fields = begun(asked.getDocument("speculativeAuthenticate"));
            if (fields != null) {
                answer.writeStartDocument("speculativeAuthenticate");
                fields.accept(answer);
                answer.writeEndDocument();
            }
        }
    }

    /** The answer to saslStart, saslContinue or authenticate; null: it is none of them. */
    public @Nullable Buffer answer(Buffer command) {
        return isLogin(command) ? answered(command) : null;
    }

    /** Whether a command is saslStart, saslContinue or authenticate. */
    static boolean isLogin(Buffer command) {
        return COMMANDS.contains(BsonFields.firstName(command));
    }

    Buffer answered(Buffer login) {
        Consumer<BsonBinaryWriter> fields = answered(new RawBsonDocument(login.getBytes()));
        return fields == null ? REFUSED : MongoAnswers.ok(fields);
    }

    /** What is begun in a hello may fail in any way: then it is not begun. Null: it is not. */
    private @Nullable Consumer<BsonBinaryWriter> begun(BsonDocument command) {
        try {
            return command.isEmpty() ? null : answered(command);
        } catch (BSONException wrongType) {
            return null;
        }
    }

    /** Null: refused. */
    private @Nullable Consumer<BsonBinaryWriter> answered(BsonDocument command) {
        try {
            return switch (command.getFirstKey()) {
                case "saslStart" -> started(command);
                case "saslContinue" -> continued(command);
                default -> certified();
            };
        } catch (ProtocolException refused) {
            scram = null;
            return null;
        }
    }

    private @Nullable Consumer<BsonBinaryWriter> started(BsonDocument command) {
        String mechanism = command.getString("mechanism", new BsonString("")).getValue();
        Buffer payload = payload(command);
        if (mechanism.equals("PLAIN")) {
            String login = "\0" + known.user() + "\0" + known.password();
            // Some clients also say on whose behalf they act: their own.
            authenticated = payload.equals(Buffer.buffer(login)) || payload.equals(Buffer.buffer(known.user() + login));
            return authenticated ? sasl(true, Buffer.buffer()) : null;
        }
        ScramUser user = users.entrySet().stream()
                .filter(each -> each.getKey().mechanism().equals(mechanism))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        scram = new ScramServer(name -> name.equals(known.user()) ? user : null, nonces.get());
        proved = false;
        return sasl(false, scram.first(payload));
    }

    private @Nullable Consumer<BsonBinaryWriter> continued(BsonDocument command) {
        if (scram == null
                || command.getInt32("conversationId", new BsonInt32(0)).getValue() != CONVERSATION) {
            return null;
        }
        if (proved) {
            authenticated = true;
            return sasl(true, Buffer.buffer());
        }
        Buffer signature = scram.last(payload(command));
        proved = true;
        authenticated = manner.skipsEmptyExchange();
        return sasl(authenticated, signature);
    }

    private @Nullable Consumer<BsonBinaryWriter> certified() {
        authenticated = known.source().equals(MongoCredential.EXTERNAL);
        return !authenticated
                ? null
                : out -> {
                    out.writeString("dbname", known.source());
                    out.writeString("user", String.valueOf(known.user()));
                };
    }

    private static Buffer payload(BsonDocument command) {
        return Buffer.buffer(
                command.getBinary("payload", new BsonBinary(new byte[0])).getData());
    }

    private static Consumer<BsonBinaryWriter> sasl(boolean done, Buffer payload) {
        return out -> {
            out.writeInt32("conversationId", CONVERSATION);
            out.writeBoolean("done", done);
            out.writeBinaryData("payload", new BsonBinary(payload.getBytes()));
        };
    }
}
