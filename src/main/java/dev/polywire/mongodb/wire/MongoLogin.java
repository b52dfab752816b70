package dev.polywire.mongodb.wire;

import static java.util.Map.entry;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonType;
import org.jspecify.annotations.Nullable;

/**
 * The authentication of one connection, from the fields of its hello on: which mechanism, and its conversation.
 *
 * <pre>
 *   hello with saslSupportedMechs and speculativeAuthenticate  →  greeted
 *   AuthStep.SendCommand → answered     AuthStep.DeriveKeys → computed     …     Authenticated or AuthRefused
 * </pre>
 *
 * <p>A server that answers nothing to the speculative beginning, or {@code ok: 0}, is asked again by a command, with a nonce of its own.
 */
public final class MongoLogin {

    /** What servers say when they refuse; their own text may repeat what they were sent. */
    private static final Map<Integer, String> CODE_NAMES = Map.ofEntries(
            entry(2, "BadValue"),
            entry(11, "UserNotFound"),
            entry(13, "Unauthorized"),
            entry(17, "ProtocolError"),
            entry(18, "AuthenticationFailed"),
            entry(59, "CommandNotFound"),
            entry(91, "ShutdownInProgress"),
            entry(189, "PrimarySteppedDown"),
            entry(334, "MechanismUnavailable"),
            entry(391, "ReauthenticationRequired"),
            entry(8_000, "AtlasError"),
            entry(10_107, "NotWritablePrimary"),
            entry(11_600, "InterruptedAtShutdown"),
            entry(13_436, "NotPrimaryOrSecondary"));

    private final List<MongoMechanism> mechanisms;
    private final MongoCredential credential;
    private final Supplier<String> nonces;

    private MongoMechanism chosen;
    private @Nullable AuthConversation conversation;

    /**
     * @param mechanisms one, or those of which the server has at least one, the best one first
     * @param nonces {@link ScramHash#nonce}
     * @throws IllegalArgumentException when a mechanism does not take the credential; without secrets
     */
    public MongoLogin(List<MongoMechanism> mechanisms, MongoCredential credential, Supplier<String> nonces) {
        this.mechanisms = List.copyOf(mechanisms);
        this.mechanisms.forEach(each -> each.check(credential));
        this.credential = credential;
        this.nonces = nonces;
        this.chosen = this.mechanisms.get(0);
    }

    /** Whether the connection must be secret for the password's sake. */
    public boolean sendsPassword() {
        return mechanisms.stream().anyMatch(MongoMechanism::sendsPassword);
    }

    /** Writes its fields of the first hello of a connection. */
    public void writeTo(BsonBinaryWriter hello) {
        if (mechanisms.size() > 1) {
            hello.writeString("saslSupportedMechs", credential.qualifiedUser());
        }
        if (chosen.isSpeculative()) {
            AuthConversation begun = begin(chosen);
            hello.writeName("speculativeAuthenticate");
            BsonOut.whole(hello, begun.speculative());
        }
    }

    /** The answer to the hello. */
    public AuthStep greeted(HelloReply reply) {
        Buffer speculative = reply.speculativeAuthenticate();
        if (conversation != null && speculative != null && !isRefused(speculative)) {
            return conversation.answered(speculative);
        }
        return new AuthStep.SendCommand(
                begin(chosen(reply.saslSupportedMechs())).first());
    }

    /** What is accepted need not say so. */
    private static boolean isRefused(Buffer speculative) {
        return BsonFields.has(speculative, "ok") && !HelloReply.isOk(speculative);
    }

    /** The reply to the last command. @param checked has passed {@link BsonBounds#check} */
    public AuthStep answered(Buffer checked) {
        return HelloReply.isOk(checked) ? current().answered(checked) : refused(checked);
    }

    /** The keys that the last step asked for. */
    public AuthStep computed(ScramKeys keys) {
        return current().computed(keys);
    }

    /** The last one, too, if the server names none of them, as the specification has it. */
    private MongoMechanism chosen(List<String> supported) {
        return mechanisms.stream()
                .filter(each -> supported.contains(each.name()))
                .findFirst()
                .orElse(mechanisms.get(mechanisms.size() - 1));
    }

    private AuthConversation begin(MongoMechanism mechanism) {
        chosen = mechanism;
        AuthConversation begun = mechanism.start(credential, nonces.get());
        conversation = begun;
        return begun;
    }

    private AuthConversation current() {
        if (conversation == null) {
            throw new IllegalStateException("authentication: not begun");
        }
        return conversation;
    }

    private AuthStep.AuthRefused refused(Buffer checked) {
        return new AuthStep.AuthRefused(chosen.name() + ": refused by the server, " + codeText(checked), code(checked));
    }

    /** What a refusal says, without the server's own words: {@code code 18 (AuthenticationFailed)}. */
    static String codeText(Buffer checked) {
        int code = code(checked);
        return "code " + code + " (" + CODE_NAMES.getOrDefault(code, "unknown") + ")";
    }

    private static int code(Buffer checked) {
        try (BsonBinaryReader in = BsonFields.reader(checked)) {
            in.readStartDocument();
            while (in.readBsonType() != BsonType.END_OF_DOCUMENT) {
                if (in.readName().equals("code") && in.getCurrentBsonType() == BsonType.INT32) {
                    return in.readInt32();
                }
                in.skipValue();
            }
            return 0;
        }
    }

    @Override
    public String toString() {
        return "MongoLogin[" + chosen + "]";
    }
}
