package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;

/** Observes each frame that a machine sends or receives, such as the wire log. Injected, because a machine does not log. */
public interface FrameTap {

    /** Ignores all frames. */
    FrameTap NONE = (sent, name, bytes, secret) -> {};

    /**
     * @param sent true: by us, false: by the peer
     * @param name the decoded name of the frame, in the protocol's words
     * @param bytes the whole frame
     * @param secret true when the frame holds credentials: its bytes must not be shown
     */
    void frame(boolean sent, String name, Buffer bytes, boolean secret);
}
