package dev.polywire.amqp.session;

import dev.polywire.amqp.client.AmqpConnection;
import dev.polywire.amqp.client.AmqpException;
import dev.polywire.amqp.wire.AmqpClientOptions;
import dev.polywire.amqp.wire.SaslMechanism;
import dev.polywire.core.net.Dialer;
import dev.polywire.core.net.Spi;
import dev.polywire.core.net.StandingRefusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** The nodes of a cluster: an attempt to connect tries one after the other. */
final class AmqpHosts {

    private final AmqpSessionOptions options;
    private final Random random;
    private final List<Dialer> dialers;
    private final StandingRefusal refusal;

    AmqpHosts(Vertx vertx, AmqpSessionOptions options, Spi spi, Random random) {
        this.options = options;
        this.random = random;
        this.refusal = new StandingRefusal(random);
        this.dialers = options.hosts().stream()
                .map(host -> new Dialer(vertx, host, "amqp", spi))
                .toList();
    }

    /** @param purpose a part of the connection's name */
    Future<AmqpConnection> connect(String purpose) {
        List<Dialer> order = new ArrayList<>(dialers);
        if (options.shuffled()) {
            Collections.shuffle(order, random);
        }
        return options.auth().mechanisms().compose(known -> connect(order.iterator(), wire(purpose, known)));
    }

    /** Of all connections: they have one login. */
    StandingRefusal refusal() {
        return refusal;
    }

    Future<Void> close() {
        return Future.join(dialers.stream().map(Dialer::close).toList()).mapEmpty();
    }

    /** Who is refused by one node is refused by the next one too. */
    private Future<AmqpConnection> connect(Iterator<Dialer> left, AmqpClientOptions wire) {
        return AmqpConnection.connect(left.next(), wire)
                .recover(cause ->
                        left.hasNext() && !isOfTheBroker(cause) ? connect(left, wire) : Future.failedFuture(cause));
    }

    /** Not of the node's certificate. */
    private static boolean isOfTheBroker(Throwable cause) {
        return StandingRefusal.isRefusal(cause) && cause.getCause() instanceof AmqpException;
    }

    private AmqpClientOptions wire(String purpose, List<SaslMechanism> mechanisms) {
        AmqpClientOptions wire = options.wire();
        String name = wire.connectionName() == null ? "polywire" : wire.connectionName();
        return new AmqpClientOptions(
                wire.virtualHost(),
                mechanisms,
                wire.clientProperties(),
                name + " (" + purpose + ")",
                wire.locale(),
                wire.heartbeatSeconds(),
                wire.limits(),
                wire.handshakeTimeoutMillis(),
                wire.closeTimeoutMillis());
    }
}
