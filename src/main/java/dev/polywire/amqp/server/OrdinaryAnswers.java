package dev.polywire.amqp.server;

import dev.polywire.amqp.wire.AmqpMethod;
import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.ChannelMethod;
import dev.polywire.amqp.wire.ConfirmMethod;
import dev.polywire.amqp.wire.ConnectionMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.SynchronousMethod;
import dev.polywire.amqp.wire.TxMethod;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer of a broker with empty queues to each method when no error occurs. */
final class OrdinaryAnswers {

    private static final ConnectionMethod.Start START = new ConnectionMethod.Start(
            0,
            9,
            Map.of(
                    "product",
                    "Scripted",
                    "version",
                    "1",
                    "capabilities",
                    Map.of(
                            "publisher_confirms", true,
                            "exchange_exchange_bindings", true,
                            "basic.nack", true,
                            "consumer_cancel_notify", true,
                            "connection.blocked", true,
                            "authentication_failure_close", true)),
            Buffer.buffer("PLAIN AMQPLAIN EXTERNAL"),
            Buffer.buffer("en_US"));

    private final ConnectionMethod.Tune tune;
    private int names;

    OrdinaryAnswers(ConnectionMethod.Tune tune) {
        this.tune = tune;
    }

    /** To the protocol header. */
    AmqpMethod greeting() {
        return START;
    }

    /** Null if the method has no answer, or the client wants none. */
    @Nullable
    AmqpMethod to(AmqpMethod asked) {
        if (asked instanceof SynchronousMethod synchronous && synchronous.noWait()) {
            return null;
        }
        if (asked instanceof ConnectionMethod) {
            return connection(asked);
        } else if (asked instanceof QueueMethod) {
            return queue(asked);
        } else if (asked instanceof BasicMethod) {
            return basic(asked);
        }
        return switch (asked.id()) {
            case ChannelMethod.Open.ID -> new ChannelMethod.OpenOk();
            case ChannelMethod.Close.ID -> new ChannelMethod.CloseOk();
            case ChannelMethod.Flow.ID -> new ChannelMethod.FlowOk(((ChannelMethod.Flow) asked).active());
            case ExchangeMethod.Declare.ID -> new ExchangeMethod.DeclareOk();
            case ExchangeMethod.Delete.ID -> new ExchangeMethod.DeleteOk();
            case ExchangeMethod.Bind.ID -> new ExchangeMethod.BindOk();
            case ExchangeMethod.Unbind.ID -> new ExchangeMethod.UnbindOk();
            case ConfirmMethod.Select.ID -> new ConfirmMethod.SelectOk();
            case TxMethod.Select.ID -> new TxMethod.SelectOk();
            case TxMethod.Commit.ID -> new TxMethod.CommitOk();
            case TxMethod.Rollback.ID -> new TxMethod.RollbackOk();
            default -> null;
        };
    }

    private @Nullable AmqpMethod connection(AmqpMethod asked) {
        return switch (asked.id()) {
            case ConnectionMethod.StartOk.ID -> tune;
            case ConnectionMethod.Open.ID -> new ConnectionMethod.OpenOk();
            case ConnectionMethod.UpdateSecret.ID -> new ConnectionMethod.UpdateSecretOk();
            case ConnectionMethod.Close.ID -> new ConnectionMethod.CloseOk();
            default -> null;
        };
    }

    private @Nullable AmqpMethod queue(AmqpMethod asked) {
        if (asked instanceof QueueMethod.Declare declare) {
            return new QueueMethod.DeclareOk(named("amq.gen-", declare.queue()), 0, 0);
        }
        return switch (asked.id()) {
            case QueueMethod.Bind.ID -> new QueueMethod.BindOk();
            case QueueMethod.Unbind.ID -> new QueueMethod.UnbindOk();
            case QueueMethod.Purge.ID -> new QueueMethod.PurgeOk(0);
            case QueueMethod.Delete.ID -> new QueueMethod.DeleteOk(0);
            default -> null;
        };
    }

    private @Nullable AmqpMethod basic(AmqpMethod asked) {
        if (asked instanceof BasicMethod.Consume consume) {
            return new BasicMethod.ConsumeOk(named("amq.ctag-", consume.consumerTag()));
        } else if (asked instanceof BasicMethod.Cancel cancel) {
            return new BasicMethod.CancelOk(cancel.consumerTag());
        }
        return switch (asked.id()) {
            case BasicMethod.Qos.ID -> new BasicMethod.QosOk();
            case BasicMethod.Get.ID -> new BasicMethod.GetEmpty();
            case BasicMethod.Recover.ID -> new BasicMethod.RecoverOk();
            default -> null;
        };
    }

    private String named(String prefix, String name) {
        return name.isEmpty() ? prefix + ++names : name;
    }
}
