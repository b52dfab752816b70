package dev.polywire.core.net;

import dev.polywire.core.wire.FrameTap;
import dev.polywire.core.wire.Printable;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HexFormat;

/**
 * Writes each frame at trace level to the logger {@code dev.polywire.wire.<protocol>}: direction, decoded name, size,
 * bytes in hex. Frames that may hold credentials, which are all of the bridge, show name and size only.
 */
final class WireLog implements FrameTap {

    /** Enough to see any header and most commands; a body of megabytes would bury the log. */
    static final int SHOWN_BYTES = 512;

    private final Logger logger;
    private final String target;

    private WireLog(Logger logger, String target) {
        this.logger = logger;
        this.target = target;
    }

    /** The tap of a new connection: the log when it is on; otherwise {@link FrameTap#NONE}, at no cost per frame. */
    static FrameTap of(String protocol, String target) {
        Logger logger = System.getLogger("dev.polywire.wire." + protocol);
        return logger.isLoggable(Level.TRACE) ? new WireLog(logger, target) : FrameTap.NONE;
    }

    @Override
    public void frame(boolean sent, String name, Buffer bytes, boolean secret) {
        logger.log(Level.TRACE, () -> line(sent, name, bytes, secret));
    }

    private String line(boolean sent, String name, Buffer bytes, boolean secret) {
        String shown = secret
                ? "(may hold credentials)"
                : HexFormat.of().formatHex(bytes.getBytes(0, Math.min(SHOWN_BYTES, bytes.length())))
                        + (bytes.length() > SHOWN_BYTES ? "..." : "");
        return target + (sent ? " -> " : " <- ") + Printable.line(name) + ", " + bytes.length() + " bytes: " + shown;
    }
}
