package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.SaslMechanism;
import io.vertx.core.Future;
import java.util.List;

/** Who we are, asked before each login, so that a token which expires can be another one next time. */
@FunctionalInterface
public interface AmqpAuth {

    /** Ways to say it, best first. A failure is a failed attempt to connect. */
    Future<List<SaslMechanism>> mechanisms();

    /** Always the same; mechanisms that keep state are none of these. */
    static AmqpAuth of(SaslMechanism... mechanisms) {
        List<SaslMechanism> fixed = List.of(mechanisms);
        return () -> Future.succeededFuture(fixed);
    }
}
