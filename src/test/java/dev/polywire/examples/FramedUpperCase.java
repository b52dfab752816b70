package dev.polywire.examples;

import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.framed.wire.PayloadCodec;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;

/** A codec of one's own. */
final class FramedUpperCase {

    private FramedUpperCase() {}

    // README codec
    static final class UpperCase implements PayloadCodec {

        @Override
        public Object decode(Buffer payload) {
            return payload.toString();
        }

        @Override
        public Buffer encode(Object value) {
            return Buffer.buffer(String.valueOf(value).toUpperCase(Locale.ROOT));
        }
    }
    // README codec

    static Future<String> deploy(Vertx vertx, DeploymentOptions options) {
        // README deployed
        return vertx.deployVerticle(new FramedServerVerticle(new UpperCase()), options);
        // README deployed
    }
}
