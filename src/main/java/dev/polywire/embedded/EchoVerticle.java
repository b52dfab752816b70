package dev.polywire.embedded;

import dev.polywire.core.bus.stream.StreamReader;
import dev.polywire.framed.service.FramedService;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/** The echo server: answers each framed message, and each request, with {@code server replied: ...}. It uses only the event bus. */
public final class EchoVerticle extends VerticleBase {

    private static final Logger LOG = System.getLogger(EchoVerticle.class.getName());
    /** Answers in flight; at this bound it stops reading, so a peer that sends much and reads slowly loses nothing. */
    private static final int MAX_UNANSWERED = 64;
    /** A peer that reads no answer for this long is disconnected: the others wait for it. */
    private static final long ANSWER_MILLIS = 5_000;

    private final String address;
    private @Nullable StreamReader messages;
    private int unanswered;

    /** @param address of a framed server with the codec {@code utf8} */
    public EchoVerticle(String address) {
        this.address = address;
    }

    @Override
    public Future<?> start() {
        FramedService framed = FramedService.proxy(vertx, address, ANSWER_MILLIS);
        return framed.open().onSuccess(handle -> {
            StreamReader reader = new StreamReader(vertx, handle);
            messages = reader;
            reader.exceptionHandler(ended -> LOG.log(Level.WARNING, "no more echoes from " + address, ended))
                    .handler(item -> answer(framed, reader, (JsonObject) item));
        });
    }

    @Override
    public Future<?> stop() {
        return messages == null ? Future.succeededFuture() : messages.close().otherwiseEmpty();
    }

    private void answer(FramedService framed, StreamReader reader, JsonObject message) {
        if (!message.containsKey("text")) {
            return;
        }
        if (++unanswered == MAX_UNANSWERED) {
            reader.pause();
        }
        String connection = message.getString("connection");
        framed.send(message.copy().put("text", "server replied: " + message.getString("text")))
                .recover(unread -> framed.disconnect(connection).otherwiseEmpty())
                .onComplete(answered -> {
                    if (unanswered-- == MAX_UNANSWERED) {
                        reader.resume();
                    }
                });
    }
}
