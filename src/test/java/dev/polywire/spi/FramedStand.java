package dev.polywire.spi;

import static org.awaitility.Awaitility.await;

import dev.polywire.framed.service.FramedClientVerticle;
import dev.polywire.framed.service.FramedServerVerticle;
import dev.polywire.framed.wire.FramedEnvelope;
import dev.polywire.framed.wire.FramedEnvelope.Kind;
import dev.polywire.framed.wire.FramedLimits;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** Requests of a framed client, whose peer does not read behind one that is long before it is told to. */
class FramedStand extends Stand {

    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    /** How many messages the peer may read. */
    private final Semaphore readable = new Semaphore(0);

    private final FramedPeer.Door door = new FramedPeer.Door();
    private volatile @Nullable FramedPeer peer;
    private @Nullable Thread reading;
    private boolean full;

    @Override
    String protocol() {
        return "framed";
    }

    @Override
    String address() {
        return "polywire.framed";
    }

    @Override
    Calls calls() {
        return new Calls("request", List.of("request"));
    }

    @Override
    JsonObject body(About about) {
        full |= about == About.FILLING;
        if (!full) {
            readable.release();
        }
        JsonObject message = new JsonObject().put("text", about.name() + padding(about));
        return new JsonObject().put("message", message);
    }

    /** More than two systems take when nobody reads. */
    private static String padding(About about) {
        return about == About.FILLING
                ? " "
                        .repeat(FramedLimits.DEFAULT_MAX_FRAME_BYTES
                                - FramedEnvelope.HEADER_BYTES
                                - about.name().length())
                : "";
    }

    @Override
    void deploy() {
        int port = relayTo(door.port()).port();
        read(this::acceptAll);
        deploy(new FramedClientVerticle(null, spi), config().put("port", port).put("failFast", true));
    }

    static JsonObject config() {
        return new JsonObject()
                .put("codec", "utf8")
                .put("correlation", true)
                .put("maxOutputBytes", 3 * FramedLimits.DEFAULT_MAX_FRAME_BYTES);
    }

    /** A socket of ours takes some messages behind the one that is being written. */
    @Override
    void fill() {
        String last;
        int count = 0;
        do {
            last = "before " + count++;
            ask(last, About.ANSWERED, A_MINUTE);
            // It comes behind.
            Outcome.value(ask("ping", "ping", new JsonObject(), A_MINUTE));
        } while (!spi.callsOf(spi.asked(last)).equals(waiting()));
    }

    final void read(Runnable work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (UncheckedIOException closed) {
                        // The test is over.
                    }
                },
                "framed peer");
        thread.start();
        reading = thread;
    }

    private void acceptAll() {
        while (true) {
            serve(door.accept());
        }
    }

    /** Until the connection is lost. */
    final void serve(FramedPeer with) {
        peer = with;
        try (with) {
            while (true) {
                readable.acquireUninterruptibly();
                FramedEnvelope request = FramedEnvelope.read(with.read());
                answer(with, request, About.valueOf(request.content().toString().trim()));
            }
        } catch (UncheckedIOException | IllegalArgumentException | IndexOutOfBoundsException lost) {
            // Somebody has cut it.
        }
    }

    private void answer(FramedPeer with, FramedEnvelope request, About about) {
        Runnable reply = () -> send(with, new FramedEnvelope(Kind.REPLY, request.id(), Buffer.buffer("yes")));
        switch (about) {
            case REFUSED -> send(with, FramedEnvelope.failure(request.id(), "no"));
            case HELD -> held.add(reply);
            default -> reply.run();
        }
    }

    private static void send(FramedPeer to, FramedEnvelope envelope) {
        to.write(FramedPeer.frame(envelope.write()));
    }

    @Override
    void release() {
        held.forEach(Runnable::run);
        readable.release(1_000);
    }

    @Override
    void closePeer() {
        readable.release(1_000);
        door.close();
        FramedPeer last = peer;
        if (last != null) {
            last.close();
        }
        if (reading != null) {
            try {
                reading.join();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    /** The same of a server. */
    static final class Server extends FramedStand {

        @Override
        String address() {
            return "polywire.framed-server";
        }

        @Override
        JsonObject body(About about) {
            JsonObject body = super.body(about);
            body.getJsonObject("message").put("connection", "1");
            return body;
        }

        @Override
        void deploy() {
            deploy(new FramedServerVerticle(null, spi), config().put("port", 0));
            int port = relayTo(listening(address())).port();
            FramedPeer peer = FramedPeer.connect(port);
            read(() -> serve(peer));
            await().until(() -> !spi.connected.isEmpty());
        }
    }
}
