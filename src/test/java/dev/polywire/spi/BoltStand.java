package dev.polywire.spi;

import dev.polywire.bolt.client.ScriptedBolt;
import dev.polywire.bolt.service.BoltVerticle;
import dev.polywire.bolt.wire.BoltRequest;
import dev.polywire.bolt.wire.BoltServerEvent;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Queries of Bolt, on a pool of one connection. */
final class BoltStand extends LoopStand {

    private final ScriptedBolt server = new ScriptedBolt(serving).script(this::asked);
    /** What comes next belongs to a query that was held. */
    private boolean pulling;

    @Override
    String protocol() {
        return "bolt";
    }

    @Override
    String address() {
        return "polywire.bolt";
    }

    @Override
    Calls calls() {
        return new Calls("run", List.of("RUN", "PULL"));
    }

    @Override
    JsonObject body(About about) {
        return new JsonObject()
                .put("query", about == About.REFUSED ? "fail Neo.ClientError.Statement.SyntaxError" : about.name());
    }

    @Override
    void deploy() {
        deploy(
                new BoltVerticle(spi),
                new JsonObject()
                        .put("uri", "bolt://127.0.0.1:" + relayTo(server.port).port())
                        .put("failFast", true)
                        .put("maxConnections", 1));
    }

    private boolean asked(ScriptedBolt.Peer peer, BoltServerEvent.Request request) {
        if (request.request() instanceof BoltRequest.Run run
                && (run.query().equals("HELD") || run.query().equals("FILLING"))) {
            pulling = true;
            hold(() -> peer.success(request, Map.of("fields", List.of("value"))));
            return true;
        } else if (request.request() instanceof BoltRequest.Pull && pulling) {
            pulling = false;
            peer.success(request, Map.of("type", "r"));
            return true;
        }
        return false;
    }

    /** It has no connection, and nothing is asked of a peer before it has. */
    @Override
    List<String> waiting() {
        return List.of();
    }
}
