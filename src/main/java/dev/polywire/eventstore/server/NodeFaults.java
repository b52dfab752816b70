package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.TcpCommand;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a node is in its fault plan. */
final class NodeFaults {

    private final ServerCounters counters;
    /** No table by ordinals, which would load all commands at the start of a server. */
    private final Map<TcpCommand, Integer> ofKind = new HashMap<>();

    private FaultPlan plan = FaultPlan.NONE;
    private int connections;
    private int commands;

    NodeFaults(ServerCounters counters) {
        this.counters = counters;
    }

    /** Another plan, which counts from now on. */
    void plan(FaultPlan plan) {
        this.plan = plan;
        connections = 0;
        commands = 0;
        ofKind.clear();
    }

    /** A connection was accepted. @return what goes wrong with it, or null */
    @Nullable
    ConnectionFault connected() {
        return plan.isEmpty() ? null : counted(plan.ofConnection(++connections));
    }

    /** A command was received. @param command null: an unknown one @return what goes wrong with it, or null */
    @Nullable
    CommandFault received(@Nullable TcpCommand command) {
        if (plan.isEmpty()) {
            return null;
        }
        int number = command == null ? 0 : ofKind.merge(command, 1, Integer::sum);
        return counted(plan.ofCommand(command, ++commands, number));
    }

    private <T> @Nullable T counted(@Nullable T fault) {
        if (fault != null) {
            counters.faultApplied();
        }
        return fault;
    }
}
