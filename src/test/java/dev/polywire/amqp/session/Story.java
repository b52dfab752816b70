package dev.polywire.amqp.session;

import dev.polywire.amqp.wire.BasicMethod;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.ExchangeMethod;
import dev.polywire.amqp.wire.QueueMethod;
import dev.polywire.amqp.wire.RecoveryOutcome;
import dev.polywire.core.net.Link;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a client told, in words. */
final class Story implements AmqpClient.Listener {

    final List<String> told = new CopyOnWriteArrayList<>();
    private String last;

    @Override
    public void state(Link.State state, RuntimeException cause) {
        // Told again with each attempt that fails.
        if (!state.toString().equals(last)) {
            last = state.toString();
            told.add(last);
        }
    }

    @Override
    public void blocked(String reason) {
        told.add("blocked " + reason);
    }

    @Override
    public void unblocked() {
        told.add("unblocked");
    }

    @Override
    public void recovered(RecoveryOutcome outcome) {
        String name = name(outcome);
        told.add(outcome.isRecovered() ? name : name + " " + outcome.failure().code());
    }

    @Override
    public void returned(ContentMethod.Return method, Content content) {
        told.add("returned " + method.replyCode());
    }

    @Override
    public void cancelled(String consumerTag, String queue) {
        told.add("cancelled " + consumerTag);
    }

    @Override
    public void interrupted(String consumerTag, String queue, RuntimeException cause) {
        told.add("interrupted " + consumerTag);
    }

    /** How often it told this. */
    long count(String what) {
        return told.stream().filter(what::equals).count();
    }

    boolean told(String what) {
        return told.contains(what);
    }

    private static String name(RecoveryOutcome outcome) {
        if (outcome.request() instanceof ExchangeMethod.Declare declare) {
            return "exchange " + declare.exchange();
        } else if (outcome.request() instanceof QueueMethod.Declare declare) {
            return "queue " + declare.queue();
        } else if (outcome.request() instanceof QueueMethod.Bind bind) {
            return "bind " + bind.exchange() + " by " + bind.routingKey();
        } else if (outcome.request() instanceof BasicMethod.Consume consume) {
            return "consumer " + consume.consumerTag();
        }
        return outcome.request().name();
    }
}
