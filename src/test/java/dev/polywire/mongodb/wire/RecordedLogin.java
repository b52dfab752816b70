package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.mongodb.server.ScriptedLogin;
import dev.polywire.mongodb.server.ScriptedLogin.Manner;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A handshake with SCRAM, always in the same bytes: nonces are fixed, and the keys of the one user are computed once. */
final class RecordedLogin {

    static final MongoCredential USER = new MongoCredential("user", "pencil", "admin");
    static final long HANDSHAKE_MILLIS = 10_000;

    private static final ScramKeyCache KEYS = new ScramKeyCache(new byte[16]);
    private static final ScriptedLogin SERVER = server(Manner.TODAY);
    private static final ScriptedLogin SERVER_OF_OLD = server(new Manner(false, false, 4_096));

    private final ScramHash hash;
    /** What the server sends, a message each. */
    private final List<Buffer> messages = new ArrayList<>();

    /** @param old the server answers nothing that is begun in the hello, and wants the empty exchange */
    RecordedLogin(ScramHash hash, boolean old) {
        this.hash = hash;
        MongoClientMachine client = client(hash, FrameTap.NONE);
        MongoServerMachine server = new MongoServerMachine(10_000, FrameTap.NONE);
        ScriptedLogin login = (old ? SERVER_OF_OLD : SERVER).another();
        for (Buffer said = client.takeOutput(); said != null; said = client.takeOutput()) {
            server.receive(said, 0);
            MongoServerMachine.Request request = Objects.requireNonNull(server.nextEvent());
            Buffer answer = login.answer(request.command());
            server.reply(
                    request.header().requestId(),
                    answer != null
                            ? answer
                            : BsonOut.document(out -> {
                                out.writeInt32("maxWireVersion", 25);
                                login.writeTo(out, request.command());
                                out.writeDouble("ok", 1);
                            }));
            Buffer message = Objects.requireNonNull(server.takeOutput());
            messages.add(message.copy());
            feed(client, message);
        }
        if (client.state() != MongoState.READY) {
            throw new AssertionError(client.state());
        }
    }

    private static ScriptedLogin server(Manner manner) {
        return new ScriptedLogin(manner, USER, List.of(ScramHash.values()), () -> "nonce-of-the-server-0123456789");
    }

    static Stream<RecordedLogin> all() {
        return Stream.of(ScramHash.values())
                .flatMap(hash -> Stream.of(new RecordedLogin(hash, false), new RecordedLogin(hash, true)));
    }

    static MongoClientOptions options(MongoClientOptions options, ScramHash hash) {
        return options.withLogin(() ->
                new MongoLogin(List.of(MongoMechanism.scram(hash)), USER, () -> "nonce-of-the-client-0123456789"));
    }

    private static MongoClientMachine client(ScramHash hash, FrameTap tap) {
        MongoClientOptions plain = new MongoClientOptions(1_000_000, Conversation.CLIENT, 1, HANDSHAKE_MILLIS);
        MongoClientMachine client = new MongoClientMachine(options(plain, hash), tap);
        client.start(0);
        return client;
    }

    /** One that has said hello. */
    MongoClientMachine client(FrameTap tap) {
        return client(hash, tap);
    }

    /** All that the server sends. */
    Buffer stream() {
        Buffer all = Buffer.buffer();
        messages.forEach(all::appendBuffer);
        return all;
    }

    List<Buffer> messages() {
        return messages;
    }

    /** The server's proof. */
    String signature() {
        String all = stream().toString("ISO-8859-1");
        int at = all.indexOf("v=");
        return all.substring(at, all.indexOf('=', at + 2) + 1);
    }

    /** The keys, if they are those of this login: nobody's else are computed. Null: they are not. */
    static ScramKeys keys(MongoEvent.DeriveKeys event) {
        ScramDerivation derivation = event.derivation();
        ScramKeys known = KEYS.get(derivation);
        return known != null ? known : computed(derivation);
    }

    private static ScramKeys computed(ScramDerivation derivation) {
        return Stream.of(ScramHash.values())
                .map(hash -> new ScramDerivation(
                        hash, hash.password(USER), "a scripted salt!".getBytes(StandardCharsets.US_ASCII), 4_096))
                .filter(ours -> ours.fingerprint(new byte[16]).equals(derivation.fingerprint(new byte[16])))
                .findFirst()
                .map(ours -> {
                    ScramKeys keys = ours.keys();
                    KEYS.put(ours, keys);
                    return keys;
                })
                .orElse(null);
    }

    /** What came of it; keys are computed at once. */
    static List<MongoEvent> feed(MongoClientMachine client, Buffer bytes) {
        client.receive(bytes, 0);
        List<MongoEvent> events = new ArrayList<>();
        for (MongoEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
            events.add(event);
            ScramKeys keys = event instanceof MongoEvent.DeriveKeys derive ? keys(derive) : null;
            MongoEvent next = keys == null ? null : client.computed(keys);
            if (next != null) {
                events.add(next);
            }
        }
        return events;
    }

    @Override
    public String toString() {
        return hash + " in " + messages.size();
    }
}
