package dev.polywire.bolt.wire;

import static dev.polywire.bolt.wire.BoltState.AUTHENTICATION;
import static dev.polywire.bolt.wire.BoltState.DEFUNCT;
import static dev.polywire.bolt.wire.BoltState.FAILED;
import static dev.polywire.bolt.wire.BoltState.INTERRUPTED;
import static dev.polywire.bolt.wire.BoltState.NEGOTIATION;
import static dev.polywire.bolt.wire.BoltState.READY;
import static dev.polywire.bolt.wire.BoltState.STREAMING;
import static dev.polywire.bolt.wire.BoltState.TX_READY;
import static dev.polywire.bolt.wire.BoltState.TX_STREAMING;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The requests allowed in each {@link BoltState}, and the state after each answer: the conversation of every version, in one
 * table for clients and servers. A request without a row, also RESET before READY, is not allowed and ends its connection.
 */
public final class BoltTransitions {

    /** The outcome of a request. */
    public enum Outcome {
        /** The request has arrived; only RESET and GOODBYE have an effect before their answer. */
        ARRIVED,
        /** SUCCESS, and no result is open. */
        SUCCESS,
        /** SUCCESS, and a result is open: this one or another one has more records. */
        OPEN,
        FAILURE,
        IGNORED
    }

    /** {@code from -- message: outcome --> to} */
    public record Transition(BoltState from, BoltMessage message, Outcome outcome, BoltState to) {}

    private static final List<BoltState> BUSY = List.of(READY, STREAMING, TX_READY, TX_STREAMING, FAILED);
    private static final Map<BoltVersion, BoltTransitions> TABLES = new HashMap<>();

    static {
        BoltVersion.ALL.forEach(version -> TABLES.put(version, new BoltTransitions(version)));
    }

    private final BoltVersion version;
    private final Map<BoltState, Map<BoltMessage, Map<Outcome, BoltState>>> table = new EnumMap<>(BoltState.class);

    private BoltTransitions(BoltVersion version) {
        this.version = version;
        greeting();
        add(READY, BoltMessage.RUN, Outcome.OPEN, STREAMING);
        demand(STREAMING, READY);
        add(READY, BoltMessage.ROUTE, Outcome.SUCCESS, READY);
        add(READY, BoltMessage.TELEMETRY, Outcome.SUCCESS, READY);
        transaction();
        for (BoltState state : List.of(READY, STREAMING, TX_READY, TX_STREAMING)) {
            table.getOrDefault(state, Map.of()).values().forEach(outcomes -> outcomes.put(Outcome.FAILURE, FAILED));
        }
        failure();
        ends();
    }

    /** The table of one version. */
    public static BoltTransitions of(BoltVersion version) {
        BoltTransitions table = TABLES.get(version);
        if (table == null) {
            throw new IllegalArgumentException("version: " + version + " (expected: one of " + BoltVersion.ALL + ")");
        }
        return table;
    }

    /** The next state, or null when there is no such transition. */
    public @Nullable BoltState next(BoltState state, BoltMessage message, Outcome outcome) {
        return table.getOrDefault(state, Map.of())
                .getOrDefault(message, Map.of())
                .get(outcome);
    }

    /** Whether a request is allowed and is processed. */
    public boolean allows(BoltState state, BoltMessage message) {
        Map<Outcome, BoltState> outcomes = table.getOrDefault(state, Map.of()).getOrDefault(message, Map.of());
        return outcomes.keySet().stream().anyMatch(outcome -> outcome != Outcome.IGNORED);
    }

    /** All of them, in the order of states, messages and outcomes. */
    public List<Transition> all() {
        return table.entrySet().stream()
                .flatMap(state -> state.getValue().entrySet().stream()
                        .flatMap(message -> message.getValue().entrySet().stream()
                                .map(outcome -> new Transition(
                                        state.getKey(), message.getKey(), outcome.getKey(), outcome.getValue()))))
                .toList();
    }

    private void greeting() {
        for (BoltMessage greeting : List.of(BoltMessage.INIT, BoltMessage.HELLO)) {
            add(NEGOTIATION, greeting, Outcome.SUCCESS, version.hasLogon() ? AUTHENTICATION : READY);
            add(NEGOTIATION, greeting, Outcome.FAILURE, DEFUNCT);
        }
        add(AUTHENTICATION, BoltMessage.LOGON, Outcome.SUCCESS, READY);
        add(AUTHENTICATION, BoltMessage.LOGON, Outcome.FAILURE, DEFUNCT);
        add(READY, BoltMessage.LOGOFF, Outcome.SUCCESS, AUTHENTICATION);
    }

    private void transaction() {
        add(READY, BoltMessage.BEGIN, Outcome.SUCCESS, TX_READY);
        add(TX_READY, BoltMessage.COMMIT, Outcome.SUCCESS, READY);
        add(TX_READY, BoltMessage.ROLLBACK, Outcome.SUCCESS, READY);
        if (version.hasTransactions()) {
            add(TX_READY, BoltMessage.RUN, Outcome.OPEN, TX_STREAMING);
            demand(TX_STREAMING, TX_READY);
        }
        if (version.hasDemand()) {
            add(TX_STREAMING, BoltMessage.RUN, Outcome.OPEN, TX_STREAMING);
        }
    }

    private void demand(BoltState streaming, BoltState done) {
        for (BoltMessage demand : List.of(BoltMessage.PULL, BoltMessage.DISCARD)) {
            add(streaming, demand, Outcome.SUCCESS, done);
            if (version.hasDemand()) {
                add(streaming, demand, Outcome.OPEN, streaming);
            }
        }
    }

    private void failure() {
        add(FAILED, BoltMessage.ACK_FAILURE, Outcome.SUCCESS, READY);
        add(FAILED, BoltMessage.ACK_FAILURE, Outcome.FAILURE, DEFUNCT);
        for (BoltMessage message : BoltMessage.values()) {
            boolean leavesFailed = message == BoltMessage.RESET
                    || message == BoltMessage.GOODBYE
                    || message == BoltMessage.ACK_FAILURE;
            if (!leavesFailed) {
                add(FAILED, message, Outcome.IGNORED, FAILED);
            }
            if (message != BoltMessage.GOODBYE) {
                add(INTERRUPTED, message, Outcome.IGNORED, INTERRUPTED);
            }
        }
        for (BoltState state : BUSY) {
            add(state, BoltMessage.RESET, Outcome.ARRIVED, INTERRUPTED);
            // A client does not see when the request arrives.
            add(state, BoltMessage.RESET, Outcome.SUCCESS, READY);
            add(state, BoltMessage.RESET, Outcome.FAILURE, DEFUNCT);
        }
        add(INTERRUPTED, BoltMessage.RESET, Outcome.ARRIVED, INTERRUPTED);
        add(INTERRUPTED, BoltMessage.RESET, Outcome.SUCCESS, READY);
        add(INTERRUPTED, BoltMessage.RESET, Outcome.FAILURE, DEFUNCT);
    }

    private void ends() {
        for (BoltState state : BoltState.values()) {
            if (state.compareTo(NEGOTIATION) >= 0 && state != DEFUNCT) {
                add(state, BoltMessage.GOODBYE, Outcome.ARRIVED, DEFUNCT);
            }
        }
    }

    private void add(BoltState from, BoltMessage message, Outcome outcome, BoltState to) {
        if (message.isIn(version)) {
            table.computeIfAbsent(from, f -> new EnumMap<>(BoltMessage.class))
                    .computeIfAbsent(message, m -> new EnumMap<>(Outcome.class))
                    .put(outcome, to);
        }
    }
}
