package dev.polywire.mongodb.wire;

import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A client machine and a server machine with nothing between them, on a clock that is a number. */
final class Conversation {

    static final ClientMetadata CLIENT = new ClientMetadata("test", "1.0");
    static final MongoClientOptions OPTIONS = new MongoClientOptions(CLIENT);

    final MongoClientMachine client;
    final MongoServerMachine server;
    long nowMillis = 5_000;

    Conversation(MongoClientOptions options, FrameTap tap) {
        this(options, tap, List.of());
    }

    /** @param compressors of the server */
    Conversation(MongoClientOptions options, FrameTap tap, List<Compressor> compressors) {
        client = new MongoClientMachine(options, tap);
        server = new MongoServerMachine(MessageHeader.MAX_MESSAGE_BYTES, FrameTap.NONE, compressors);
    }

    Conversation() {
        this(OPTIONS, FrameTap.NONE);
    }

    /** A conversation whose handshake is done. */
    static Conversation ready() {
        return new Conversation().answerHello(Documents.HELLO);
    }

    Conversation answerHello(Buffer reply) {
        client.start(nowMillis);
        MongoServerMachine.Request hello = requests().get(0);
        server.reply(hello.header().requestId(), reply);
        MongoEvent event = events().get(0);
        if (!(event instanceof MongoEvent.Ready)) {
            throw new AssertionError(event);
        }
        return this;
    }

    /** Moves what the client wrote, and gives what the server made of it. */
    List<MongoServerMachine.Request> requests() {
        List<MongoServerMachine.Request> requests = new ArrayList<>();
        for (Buffer bytes = client.takeOutput(); bytes != null; bytes = client.takeOutput()) {
            server.receive(bytes, nowMillis);
        }
        for (MongoServerMachine.Request next = server.nextEvent(); next != null; next = server.nextEvent()) {
            requests.add(next);
        }
        return requests;
    }

    /** Moves what the server wrote, and gives what the client made of it. */
    List<MongoEvent> events() {
        for (Buffer bytes = server.takeOutput(); bytes != null; bytes = server.takeOutput()) {
            client.receive(bytes, nowMillis);
        }
        return eventsSoFar();
    }

    /** As if the server had sent {@code bytes}. */
    List<MongoEvent> events(Buffer bytes) {
        client.receive(bytes, nowMillis);
        return eventsSoFar();
    }

    private List<MongoEvent> eventsSoFar() {
        List<MongoEvent> events = new ArrayList<>();
        for (MongoEvent next = client.nextEvent(); next != null; next = client.nextEvent()) {
            events.add(next);
        }
        return events;
    }
}
