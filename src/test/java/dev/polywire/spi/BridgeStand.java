package dev.polywire.spi;

import dev.polywire.bridge.TcpBridgeVerticle;
import dev.polywire.testing.FramedPeer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The bridge, and a client of it. */
final class BridgeStand extends Stand {

    private @Nullable FramedPeer client;

    @Override
    String protocol() {
        return "bridge";
    }

    @Override
    @Nullable
    String address() {
        return null;
    }

    @Override
    void deploy() {
        TcpBridgeVerticle bridge = new TcpBridgeVerticle(spi);
        deploy(bridge, new JsonObject().put("port", 0).put("call", new JsonArray()));
        relayTo(bridge.actualPort());
    }

    @Override
    void use() {
        client = FramedPeer.connect(relay().port());
        client.send("{\"type\":\"ping\"}").read();
    }

    @Override
    void closePeer() {
        if (client != null) {
            client.close();
        }
    }
}
