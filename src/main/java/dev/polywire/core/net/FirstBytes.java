package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import dev.polywire.core.wire.ProtocolException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has sent first, and what the end of its connection therefore is: plain TCP and TLS that meet do not understand
 * each other, and a server that refuses our certificate says so behind the handshake.
 */
final class FirstBytes {

    private static final int KEPT = 8;

    private final String target;
    private final boolean secured;
    private final boolean certified;
    private @Nullable Buffer bytes;
    private boolean understood;

    /** @param tls of this side; null: plain TCP */
    FirstBytes(NetSocket socket, String target, @Nullable TlsOptions tls) {
        this.target = target;
        this.secured = socket.isSsl();
        this.certified = tls != null && tls.certificate() != null;
    }

    void received(Buffer more) {
        if (bytes == null) {
            bytes = more.getBuffer(0, Math.min(KEPT, more.length()));
        }
    }

    /** The machine made an event of them. */
    void understood() {
        understood = true;
    }

    /** The end of a connection by a violation of the protocol. */
    RuntimeException end(ProtocolException violation) {
        return speaksTls() ? TlsFailure.notPlain(target, violation) : violation;
    }

    /**
     * The end of a connection by {@code broken}, or by the peer.
     *
     * @param expected whether the peer should have sent something by now
     */
    CallException end(@Nullable Throwable broken, boolean expected) {
        if (bytes == null && TlsFailure.isOfHandshake(broken) && broken != null) {
            return TlsFailure.of(target, certified, broken);
        } else if (speaksTls()) {
            return TlsFailure.notPlain(target, broken);
        }
        String why = broken == null ? "closed by the peer" : String.valueOf(broken.getMessage());
        String maybe = expected && bytes == null && !secured ? TlsFailure.MAYBE_SECURED : "";
        return new CallException(Reason.CONNECTION_LOST, "connection to " + target + " lost: " + why + maybe, broken);
    }

    private boolean speaksTls() {
        Buffer known = bytes;
        return known != null && !secured && !understood && TlsFailure.isRecord(known);
    }
}
