package dev.polywire.amqp.wire;

import dev.polywire.amqp.wire.ConnectionTransitions.Input;
import org.jspecify.annotations.Nullable;

/** Which methods a client sends and which inputs they are to a connection. */
final class ClientMethods {

    private ClientMethods() {}

    /**
     * @throws IllegalArgumentException when a client never sends it, or only through another call
     * @throws IllegalStateException when the server does not announce the extension. A server without any announcement, as
     *     Qpid, may have confirms and nack; {@code exchange.bind} would end its connection
     */
    static void check(AmqpMethod method, ServerInfo server) {
        boolean asynchronous = method instanceof BasicMethod.Ack
                || method instanceof BasicMethod.Nack
                || method instanceof BasicMethod.Reject
                || method instanceof BasicMethod.RecoverAsync;
        boolean elsewhere = method instanceof ConnectionMethod
                || method instanceof ChannelMethod.Open
                || method instanceof ChannelMethod.Close
                || !(method instanceof SynchronousMethod);
        if (!asynchronous && elsewhere) {
            throw new IllegalArgumentException(
                    method.name() + ": not to be sent (expected: a request without content)");
        }
        String needed = capability(method);
        boolean silent = !(method instanceof ExchangeMethod) && !server.announces();
        if (needed != null && !silent && !server.can(needed)) {
            throw new IllegalStateException(
                    method.name() + ": not in the server's capabilities (expected: " + needed + ")");
        }
    }

    private static @Nullable String capability(AmqpMethod method) {
        if (method instanceof ExchangeMethod.Bind || method instanceof ExchangeMethod.Unbind) {
            return "exchange_exchange_bindings";
        }
        if (method instanceof ConfirmMethod.Select) {
            return "publisher_confirms";
        }
        return method instanceof BasicMethod.Nack ? "basic.nack" : null;
    }

    /** The input for a method on channel 0; null if it is not allowed there. */
    static @Nullable Input input(AmqpMethod method) {
        return switch (method.id()) {
            case ConnectionMethod.Start.ID -> Input.START;
            case ConnectionMethod.Secure.ID -> Input.SECURE;
            case ConnectionMethod.Tune.ID -> Input.TUNE;
            case ConnectionMethod.OpenOk.ID -> Input.OPEN_OK;
            case ConnectionMethod.Blocked.ID -> Input.BLOCKED;
            case ConnectionMethod.Unblocked.ID -> Input.UNBLOCKED;
            case ConnectionMethod.UpdateSecretOk.ID -> Input.UPDATE_SECRET_OK;
            case ConnectionMethod.Close.ID -> Input.CLOSE;
            case ConnectionMethod.CloseOk.ID -> Input.CLOSE_OK;
            default -> null;
        };
    }
}
