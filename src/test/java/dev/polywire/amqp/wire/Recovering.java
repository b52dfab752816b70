package dev.polywire.amqp.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A topology, and a broker that is a list of refusals: for whom plans are run to their end. */
final class Recovering {

    static final Map<String, Object> NONE = Map.of();

    final Topology topology = new Topology();
    /** By the text of a step: codes of the refusals to come. */
    private final Map<String, List<Integer>> refusals = new LinkedHashMap<>();

    final List<String> steps = new ArrayList<>();
    private long nowMillis;
    private int named;

    Recovering exchange(String name, boolean autoDelete) {
        return done(1, new ExchangeMethod.Declare(name, "direct", false, true, autoDelete, false, false, NONE));
    }

    /** With an empty name the server made {@code gen-1} and so on. */
    Recovering queue(String name, boolean exclusive, boolean autoDelete) {
        String known = name.isEmpty() ? "gen-" + ++named : name;
        topology.done(
                1,
                new QueueMethod.Declare(name, false, !exclusive, exclusive, autoDelete, false, NONE),
                new QueueMethod.DeclareOk(known, 0, 0));
        return this;
    }

    Recovering bind(String queue, String exchange, String key) {
        return done(1, new QueueMethod.Bind(queue, exchange, key, false, NONE));
    }

    Recovering unbind(String queue, String exchange, String key) {
        return done(1, new QueueMethod.Unbind(queue, exchange, key, NONE));
    }

    Recovering consume(int channel, String queue, String tag) {
        topology.done(
                channel,
                new BasicMethod.Consume(queue, tag, false, false, false, false, NONE),
                new BasicMethod.ConsumeOk(tag.isEmpty() ? "ctag" : tag));
        return this;
    }

    Recovering qos(int channel, int count) {
        return done(channel, new BasicMethod.Qos(0, count, false));
    }

    Recovering done(int channel, AmqpMethod request) {
        topology.done(channel, request, null);
        return this;
    }

    Recovering refuse(String step, Integer... codes) {
        refusals.put(step, new ArrayList<>(List.of(codes)));
        return this;
    }

    /** Runs a plan of three attempts a second apart, to its end. */
    RecoveryPlan run() {
        RecoveryPlan plan = topology.plan(new RecoveryOptions(1_000, 3));
        while (!plan.isDone()) {
            RecoveryStep step = plan.next(nowMillis);
            if (step == null) {
                if (plan.retryAtMillis() <= nowMillis || plan.retryAtMillis() == Long.MAX_VALUE) {
                    throw new AssertionError("stuck behind " + steps);
                }
                nowMillis = plan.retryAtMillis();
                steps.add("wait");
                continue;
            }
            String text = text(step);
            List<Integer> codes = refusals.getOrDefault(text, List.of());
            if (codes.isEmpty()) {
                steps.add(text);
                plan.succeeded(answer(step));
            } else {
                int code = codes.remove(0);
                steps.add(text + " -> " + code);
                plan.failed(new CloseReason(true, code, "no", 0, 0), nowMillis);
            }
        }
        return plan;
    }

    /** The steps of one run, one a line. */
    String steps() {
        steps.clear();
        run();
        return String.join("\n", steps) + "\n";
    }

    static String failures(RecoveryPlan plan) {
        return plan.outcomes().stream()
                .filter(each -> !each.isRecovered())
                .map(each -> text(each.request()) + " " + each.failure().code())
                .collect(Collectors.joining(", "));
    }

    private @Nullable AmqpMethod answer(RecoveryStep step) {
        if (step instanceof RecoveryStep.Ask ask && ask.request() instanceof QueueMethod.Declare declare) {
            String name = declare.queue().isEmpty() ? "gen-" + ++named : declare.queue();
            return new QueueMethod.DeclareOk(name, 0, 0);
        }
        return null;
    }

    private static String text(RecoveryStep step) {
        return step.channel() + " " + (step instanceof RecoveryStep.Ask ask ? text(ask.request()) : "open");
    }

    private static String text(AmqpMethod request) {
        if (request instanceof ExchangeMethod.Declare declare) {
            return "exchange " + declare.exchange();
        } else if (request instanceof QueueMethod.Declare declare) {
            return "queue " + declare.queue();
        } else if (request instanceof ExchangeMethod.Bind bind) {
            return "bind " + bind.source() + " to exchange " + bind.destination();
        } else if (request instanceof QueueMethod.Bind bind) {
            return "bind " + bind.exchange() + " to " + bind.queue() + " by " + bind.routingKey();
        } else if (request instanceof BasicMethod.Consume consume) {
            return "consume " + consume.queue() + " as " + consume.consumerTag();
        } else if (request instanceof BasicMethod.Qos qos) {
            return "qos " + qos.prefetchCount();
        }
        return request.name();
    }
}
