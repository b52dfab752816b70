package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.SaslMechanism;
import io.vertx.core.Future;
import java.util.List;

/** The client's credentials, asked for before each login, so that a new token can replace an expired one. */
@FunctionalInterface
public interface AmqpAuth {

    /** Mechanisms, preferred first. A failure is a failed attempt to connect. */
    Future<List<SaslMechanism>> mechanisms();

    /** The same mechanisms for every login; not for mechanisms that keep state. */
    static AmqpAuth of(SaslMechanism... mechanisms) {
        List<SaslMechanism> fixed = List.of(mechanisms);
        return () -> Future.succeededFuture(fixed);
    }
}
