package dev.polywire.framed.service;

import dev.polywire.testing.AbuseVectors;
import dev.polywire.testing.AbuseVectors.AbuseVector;
import dev.polywire.testing.Cuts;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.FramedPeer.Door;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import dev.polywire.testing.SmallJvm;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every hostile stream, whole and cut, in either role, with 64 MB of heap and a healthy connection beside it. */
class FramedSmallJvmTest {

    @ParameterizedTest
    @ValueSource(classes = {HostileClients.class, HostileServers.class, GreedyClients.class})
    void survives(Class<?> program) {
        SmallJvm.run(program).requireClean();
    }

    private static final List<AbuseVector> VECTORS =
            AbuseVectors.of("smart-connection").all();

    /** What is said of a vector where messages are read; of all others that the message cannot be read. */
    private static final Map<String, String> OVER_THE_LIMIT = Map.of(
            "S01", "length: 4294967295 (expected: <= 16777216)", "S02", "length: 16777217 (expected: <= 16777216)");

    /** Beyond this a stream is cut at some places only. */
    private static final int SHORT_BYTES = 1_000;

    private static List<List<Buffer>> ways(Buffer bytes) {
        List<List<Buffer>> ways = new ArrayList<>();
        ways.add(List.of(bytes));
        if (bytes.length() <= SHORT_BYTES) {
            Cuts.positions(bytes.length()).forEach(at -> ways.add(Cuts.at(bytes, at)));
            ways.add(Cuts.singleBytes(bytes));
        } else {
            int[] places = {1, 3, 4, 5, bytes.length() / 2, bytes.length() - 1};
            IntStream.of(places).forEach(at -> ways.add(Cuts.at(bytes, at)));
        }
        return ways;
    }

    /** Writes a stream, and checks what is heard of it. */
    private static void play(AbuseVector vector, List<Buffer> pieces, FramedPeer peer, Items items) {
        pieces.forEach(peer::write);
        String limit = OVER_THE_LIMIT.get(vector.id());
        JsonObject failure = items.next().getJsonObject("failure");
        require(vector, pieces, failure != null);
        require(vector, pieces, failure.getInteger("code") == (limit == null ? 4520 : 4413));
        require(vector, pieces, failure.getString("message").startsWith(limit == null ? "payload: json: " : limit));
        if (limit == null) {
            peer.send("\"goes on\"");
            require(vector, pieces, "goes on".equals(items.next().getValue("value")));
        } else {
            require(vector, pieces, peer.readToEnd() == 0);
        }
    }

    private static void require(AbuseVector vector, List<Buffer> pieces, boolean condition) {
        if (!condition) {
            throw new AssertionError(vector + " in " + pieces.size() + " pieces");
        }
    }

    private static void healthy(FramedPeer peer, Items items, FramedService service) {
        peer.send("\"healthy\"");
        JsonObject item = items.next();
        Outcome.value(service.send(item));
        if (!"healthy".equals(item.getValue("value")) || !peer.text().equals("\"healthy\"")) {
            throw new AssertionError("not healthy: " + item);
        }
    }

    /** Our server, and clients that mean no good. */
    static final class HostileClients {

        private HostileClients() {}

        public static void main(String[] arguments) {
            try (FramedBus bus = new FramedBus()) {
                int port = bus.server("json");
                Items items = bus.items(bus.server());
                try (FramedPeer good = FramedPeer.connect(port)) {
                    for (AbuseVector vector : VECTORS) {
                        for (List<Buffer> pieces : ways(vector.bytes())) {
                            try (FramedPeer bad = FramedPeer.connect(port)) {
                                play(vector, pieces, bad, items);
                            }
                            healthy(good, items, bus.server());
                        }
                    }
                }
                items.close();
            }
        }
    }

    /** Our clients, and a server that means no good. */
    static final class HostileServers {

        private HostileServers() {}

        public static void main(String[] arguments) {
            try (FramedBus bus = new FramedBus();
                    Door goodDoor = new Door()) {
                bus.client(goodDoor.port(), new JsonObject().put("name", "healthy"));
                FramedService healthy = FramedService.proxy(bus.vertx, "polywire.healthy");
                Items goodItems = bus.items(healthy);
                try (FramedPeer good = goodDoor.accept()) {
                    for (AbuseVector vector : VECTORS) {
                        for (List<Buffer> pieces : ways(vector.bytes())) {
                            play(bus, vector, pieces);
                            healthy(good, goodItems, healthy);
                        }
                    }
                }
                goodItems.close();
            }
        }

        /** With a door of its own: a client that was refused would come again. */
        private static void play(FramedBus bus, AbuseVector vector, List<Buffer> pieces) {
            try (Door door = new Door()) {
                String client = bus.client(door.port(), "json");
                try (Items items = bus.items(bus.client());
                        FramedPeer bad = door.accept()) {
                    FramedSmallJvmTest.play(vector, pieces, bad, items);
                }
                Outcome.value(bus.vertx.undeploy(client));
            }
        }
    }

    /** S14, S15. Clients that want memory: that announce much, that send what nobody reads, that send very many nothings. */
    static final class GreedyClients {

        private static final int CLIENTS = 500;
        private static final int FLOODS = 8;

        private GreedyClients() {}

        public static void main(String[] arguments) throws IOException {
            try (FramedBus bus = new FramedBus()) {
                int port = bus.server("raw");
                List<AutoCloseable> open = new ArrayList<>();
                for (int i = 0; i < FLOODS; i++) {
                    Flood flood = new Flood(port, "x".repeat(100_000));
                    flood.untilStuck(() -> Outcome.value(bus.server().status()));
                    open.add(flood);
                }
                open.forEach(GreedyClients::close);
                Items items = bus.items(bus.server());
                Buffer announcement = Buffer.buffer().appendInt(16 * 1024 * 1024);
                for (int i = 0; i < CLIENTS; i++) {
                    open.add(FramedPeer.connect(port).write(announcement).write(Buffer.buffer(new byte[1_000])));
                }
                try (FramedPeer nothings = FramedPeer.connect(port)) {
                    nothings.write(Buffer.buffer(new byte[4 * 10_000]));
                    nothings.send("end");
                    while (!"ZW5k".equals(items.next().getString("bytes"))) {
                        continue;
                    }
                }
                open.forEach(GreedyClients::close);
                items.close();
            }
        }

        private static void close(AutoCloseable each) {
            try {
                each.close();
            } catch (Exception broken) {
                throw new AssertionError(broken);
            }
        }
    }
}
