package dev.polywire.spi;

import dev.polywire.bolt.client.BoltConnection;
import dev.polywire.bolt.service.BoltServerVerticle;
import dev.polywire.bolt.wire.AuthToken;
import dev.polywire.bolt.wire.BoltClientOptions;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.TransactionOptions;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.EndpointOptions;
import dev.polywire.core.net.Spi;
import dev.polywire.testing.Loop;
import dev.polywire.testing.Outcome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** A Bolt server whose queries are answered on the bus. */
final class BoltServerStand extends Stand {

    private static final String HANDLER = "graph";

    private final Loop driving = new Loop();

    @Override
    String protocol() {
        return "bolt";
    }

    @Override
    String address() {
        return "polywire.bolt-server";
    }

    @Override
    void deploy() {
        Outcome.value(vertx.eventBus()
                .consumer(
                        HANDLER,
                        query -> query.reply(new JsonObject()
                                .put("fields", new JsonArray().add("n"))
                                .put("records", new JsonArray().add(new JsonArray().add(1)))
                                .put("done", true)))
                .completion());
        deploy(new BoltServerVerticle(spi), new JsonObject().put("port", 0).put("handler", HANDLER));
        relayTo(listening(address()));
    }

    @Override
    void use() {
        EndpointOptions endpoint = EndpointOptions.of("127.0.0.1", relay().port());
        BoltClientOptions options = new BoltClientOptions("Test/1.0", AuthToken.none());
        BoltRequest.Run query = new BoltRequest.Run("RETURN 1", Map.of(), TransactionOptions.DEFAULT);
        driving.join(() -> {
            Deadline deadline = Deadline.after(driving.vertx(), A_MINUTE);
            return BoltConnection.connect(new Dialer(driving.vertx(), endpoint, "bolt", Spi.NONE), options)
                    .compose(up -> up.run(query, deadline).pull(-1, row -> true, deadline))
                    .onComplete(pulled -> deadline.met());
        });
    }

    @Override
    void closePeer() {
        driving.close();
    }
}
