package dev.polywire.amqp.wire;

import org.jspecify.annotations.Nullable;

/** The client's reaction to {@code connection.start}: a mechanism, or the reason to close. */
final class Handshake {

    private static final int MAJOR = 0;
    private static final int MINOR = 9;

    private final AmqpClientOptions options;
    private @Nullable SaslMechanism mechanism;

    Handshake(AmqpClientOptions options) {
        this.options = options;
    }

    /** Why the offer is not acceptable; null if it is: {@link #answer} then has the method to send. */
    @Nullable
    CloseReason refuses(ConnectionMethod.Start start) {
        if (start.versionMajor() != MAJOR || start.versionMinor() != MINOR) {
            return CloseReason.ours(
                    ReplyCode.NOT_IMPLEMENTED.code(),
                    "version: " + start.versionMajor() + "." + start.versionMinor() + " (expected: 0.9)");
        }
        for (SaslMechanism each : options.mechanisms()) {
            if (mechanism == null && SaslMechanism.isIn(start.mechanisms(), each.name())) {
                mechanism = each;
            }
        }
        if (mechanism == null) {
            return CloseReason.ours(
                    ReplyCode.ACCESS_REFUSED.code(),
                    "mechanisms: " + start.mechanisms() + " (expected: one of "
                            + options.mechanisms().stream()
                                    .map(SaslMechanism::name)
                                    .toList() + ")");
        }
        return SaslMechanism.isIn(start.locales(), options.locale())
                ? null
                : CloseReason.ours(
                        ReplyCode.NOT_IMPLEMENTED.code(),
                        "locales: " + start.locales() + " (expected: " + options.locale() + " among them)");
    }

    ConnectionMethod.StartOk answer() {
        SaslMechanism chosen = chosen();
        return new ConnectionMethod.StartOk(
                options.properties(), chosen.name(), chosen.initialResponse(), options.locale());
    }

    ConnectionMethod.SecureOk answer(ConnectionMethod.Secure secure) {
        return new ConnectionMethod.SecureOk(chosen().respond(secure.challenge()));
    }

    private SaslMechanism chosen() {
        if (mechanism == null) {
            throw new IllegalStateException("before start");
        }
        return mechanism;
    }
}
