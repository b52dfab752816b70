package dev.polywire.core.wire;

import io.vertx.core.buffer.Buffer;

/** Sees each frame that a machine sends or receives; the wire log is one. Injected, because a machine does not log. */
public interface FrameTap {

    /** Sees nothing. */
    FrameTap NONE = (sent, name, bytes, secret) -> {};

    /**
     * @param sent true: by us, false: by the peer
     * @param name the decoded name of the frame, in the protocol's words
     * @param bytes the whole frame
     * @param secret true when the frame holds credentials: its bytes are not to be shown
     */
    void frame(boolean sent, String name, Buffer bytes, boolean secret);
}
