package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.Packed.map;

import dev.polywire.core.wire.FrameTap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** A client machine and a server machine with nothing between them, on a clock that is a number. */
final class Conversation {

    static final AuthToken ALICE = AuthToken.basic("alice", "secret", null);

    final BoltClientMachine client;
    final BoltServerMachine server;
    /** What the client heard, and what the server was asked and has not been answered by {@link #echo}. */
    final List<BoltEvent> heard = new ArrayList<>();

    final List<BoltServerEvent> asked = new ArrayList<>();
    long nowMillis = 5_000;
    private boolean echo;

    Conversation(
            BoltClientOptions clientOptions, BoltServerOptions serverOptions, FrameTap clientTap, FrameTap serverTap) {
        client = new BoltClientMachine(clientOptions, clientTap);
        server = new BoltServerMachine(serverOptions, serverTap);
    }

    Conversation(BoltVersion version) {
        this(clientOptions(version), serverOptions(), FrameTap.NONE, FrameTap.NONE);
    }

    static BoltClientOptions clientOptions(BoltVersion version) {
        return new BoltClientOptions("Test/1.0", ALICE).with(BoltOffer.of(List.of(version)));
    }

    static BoltServerOptions serverOptions() {
        return new BoltServerOptions("Neo4j/test", "c1");
    }

    /** A conversation whose greeting is done, and whose server answers nothing by itself. */
    static Conversation ready(BoltVersion version) {
        Conversation conversation = new Conversation(version).echo(true).start();
        if (!(conversation.heard.get(0) instanceof BoltEvent.Ready)) {
            throw new AssertionError(conversation.heard);
        }
        conversation.heard.clear();
        return conversation.echo(false);
    }

    Conversation start() {
        client.start(nowMillis);
        server.start(nowMillis);
        return move();
    }

    /** Whether the server answers: a query with one row that is its text, {@code fail} with a failure, all else with SUCCESS. */
    Conversation echo(boolean echo) {
        this.echo = echo;
        return this;
    }

    Conversation send(BoltRequest... requests) {
        for (BoltRequest request : requests) {
            client.send(request, nowMillis);
        }
        return move();
    }

    /** Moves bytes until neither side has any. */
    Conversation move() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Buffer bytes = client.takeOutput(); bytes != null; bytes = client.takeOutput()) {
                server.receive(bytes, nowMillis);
                moved = true;
            }
            answerAll();
            for (Buffer bytes = server.takeOutput(); bytes != null; bytes = server.takeOutput()) {
                client.receive(bytes, nowMillis);
                moved = true;
            }
            for (BoltEvent event = client.nextEvent(); event != null; event = client.nextEvent()) {
                heard.add(event);
            }
        }
        return this;
    }

    /** Lets the server look at what it has received. */
    void answerAll() {
        for (BoltServerEvent event = server.nextEvent(); event != null; event = server.nextEvent()) {
            if (!echo || !(event instanceof BoltServerEvent.Request request)) {
                asked.add(event);
            } else {
                answer(request);
            }
        }
    }

    /** The only request that waits for an answer, which is no more in {@link #asked}. */
    BoltServerEvent.Request request() {
        if (asked.size() != 1) {
            throw new AssertionError(asked);
        }
        return (BoltServerEvent.Request) asked.remove(0);
    }

    /** What the client heard since the last time, in short: {@code 1 [rows] 2 SUCCESS}. */
    String heard() {
        StringBuilder text = new StringBuilder();
        for (BoltEvent event : heard) {
            if (event instanceof BoltEvent.Record row) {
                text.append(row.request()).append(' ').append(row.record().values());
            } else if (event instanceof BoltEvent.Answer answer) {
                text.append(answer.request())
                        .append(' ')
                        .append(answer.response().getClass().getSimpleName());
            } else {
                text.append(event.getClass().getSimpleName());
            }
            text.append(", ");
        }
        heard.clear();
        return text.isEmpty() ? "" : text.substring(0, text.length() - 2);
    }

    private String query = "";

    private void answer(BoltServerEvent.Request asked) {
        long number = asked.number();
        if (asked.request() instanceof BoltRequest.Run run) {
            query = run.query();
            if (query.equals("fail")) {
                server.failure(number, new BoltResponse.Failure("Neo.ClientError.Statement.SyntaxError", "no"));
            } else {
                server.success(number, map("fields", List.of("text")));
            }
        } else if (asked.request() instanceof BoltRequest.Pull) {
            server.record(number, List.of(query));
            server.success(number, map("type", "r"));
        } else {
            server.success(number, map());
        }
    }
}
