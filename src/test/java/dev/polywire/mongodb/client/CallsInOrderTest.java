package dev.polywire.mongodb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.mongodb.wire.Documents;
import dev.polywire.mongodb.wire.MongoMessage;
import dev.polywire.mongodb.wire.OpInsert;
import dev.polywire.mongodb.wire.OpMsg;
import dev.polywire.mongodb.wire.ScramHash;
import dev.polywire.testing.Outcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What metrics see of a call, with and without a reply: it is sent before it has its outcome. */
class CallsInOrderTest {

    private final LoginStage stage = new LoginStage();
    private final List<String> seen = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        stage.close();
    }

    private final class Seen implements Spi {

        @Override
        public Object queued(String protocol, String operation, @Nullable Object request) {
            seen.add("queued");
            return operation;
        }

        @Override
        public void sent(@Nullable Object call) {
            seen.add("sent");
        }

        @Override
        public void answered(@Nullable Object call, @Nullable Throwable failure) {
            seen.add("answered");
        }
    }

    static Stream<MongoMessage> messages() {
        return Stream.of(
                new OpMsg(Documents.bson("{ping: 1, $db: 'admin'}")),
                new OpMsg(OpMsg.MORE_TO_COME, Documents.bson("{insert: 'c', $db: 'd'}"), List.of()),
                new OpInsert(0, "d.c", List.of(Documents.bson("{a: 1}"))));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void sentBeforeItIsAnswered(MongoMessage message) {
        stage.hello = "maxWireVersion: 13";
        Dialer dialer = new Dialer(stage.vertx, EndpointOptions.of("127.0.0.1", stage.port), "mongodb", new Seen());
        MongoConnection connection = Outcome.value(stage.on(
                () -> MongoConnection.connect(dialer, LoginStage.options(ScramHash.SHA_256), 8, LoginStage.keys())));
        Outcome.value(stage.on(() -> {
            MongoCall call = new MongoCall(message, false, Deadline.after(stage.vertx, 30_000));
            connection.send(call);
            return call.answer();
        }));
        assertEquals(List.of("queued", "sent", "answered"), seen);
    }
}
