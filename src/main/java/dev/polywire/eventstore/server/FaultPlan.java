package dev.polywire.eventstore.server;

import dev.polywire.core.wire.Limits;
import dev.polywire.eventstore.wire.TcpCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at a node, and when. It counts from the moment when the node gets it; each entry applies once. Immutable.
 *
 * <pre>{@code
 *   FaultPlan.NONE
 *           .connection(2, new ConnectionFault.Refuse())
 *           .command(TcpCommand.WRITE_EVENTS, 1, new CommandFault.LoseAnswer())
 * }</pre>
 */
public final class FaultPlan {

    public static final FaultPlan NONE = new FaultPlan(List.of(), List.of());

    private final List<OfConnection> connections;
    private final List<OfCommand> commands;

    private record OfConnection(int number, ConnectionFault fault) {}

    /** @param command null: any */
    private record OfCommand(@Nullable TcpCommand command, int number, CommandFault fault) {}

    private FaultPlan(List<OfConnection> connections, List<OfCommand> commands) {
        this.connections = connections;
        this.commands = commands;
    }

    /** The same, and a connection. @param number 1: the next one */
    public FaultPlan connection(int number, ConnectionFault fault) {
        return new FaultPlan(with(connections, new OfConnection(counted(number), fault)), commands);
    }

    /**
     * The same, and a command. A fault of an answer passes over one that has none.
     *
     * @param number 1: the next one of all connections, heartbeats not among them
     */
    public FaultPlan command(int number, CommandFault fault) {
        return new FaultPlan(connections, with(commands, new OfCommand(null, counted(number), fault)));
    }

    /**
     * The same, and a command of some kind.
     *
     * @param number 1: the next one of this kind
     * @throws IllegalArgumentException when it could never apply: heartbeats, and a fault of an answer where there is none, as to
     *     what has become of a persistent subscription's events
     */
    public FaultPlan command(TcpCommand command, int number, CommandFault fault) {
        if (command == TcpCommand.HEARTBEAT_REQUEST || command == TcpCommand.HEARTBEAT_RESPONSE) {
            throw new IllegalArgumentException(
                    "command: " + command.protocolName() + " (expected: no heartbeat, which a plan does not see)");
        }
        if (isOfAnswer(fault) && !isAnswered(command)) {
            throw new IllegalArgumentException("command: " + command.protocolName() + " with "
                    + fault.getClass().getSimpleName() + " (expected: one that is answered)");
        }
        return new FaultPlan(connections, with(commands, new OfCommand(command, counted(number), fault)));
    }

    /** Null: nothing. */
    @Nullable
    ConnectionFault ofConnection(int number) {
        return connections.stream()
                .filter(each -> each.number == number)
                .map(OfConnection::fault)
                .findFirst()
                .orElse(null);
    }

    /** Null: nothing. @param number of all commands @param numberOfKind of those with the same one */
    @Nullable
    CommandFault ofCommand(@Nullable TcpCommand command, int number, int numberOfKind) {
        return commands.stream()
                .filter(each -> each.command == null
                        ? each.number == number
                        : each.command == command && each.number == numberOfKind)
                .map(OfCommand::fault)
                .filter(fault -> command == null || !isOfAnswer(fault) || isAnswered(command))
                .findFirst()
                .orElse(null);
    }

    private static boolean isOfAnswer(CommandFault fault) {
        return fault instanceof CommandFault.LoseAnswer
                || fault instanceof CommandFault.AnswerInstead
                || fault instanceof CommandFault.CutAnswer;
    }

    private static boolean isAnswered(TcpCommand command) {
        return switch (command) {
            case PERSISTENT_SUBSCRIPTION_ACK_EVENTS, PERSISTENT_SUBSCRIPTION_NAK_EVENTS -> false;
            default -> command.sender() == TcpCommand.Sender.CLIENT || command == TcpCommand.PING;
        };
    }

    boolean isEmpty() {
        return connections.isEmpty() && commands.isEmpty();
    }

    private static int counted(int number) {
        return Limits.range("number", number, 1, Integer.MAX_VALUE);
    }

    private static <T> List<T> with(List<T> all, T another) {
        List<T> more = new ArrayList<>(all);
        more.add(another);
        return List.copyOf(more);
    }
}
