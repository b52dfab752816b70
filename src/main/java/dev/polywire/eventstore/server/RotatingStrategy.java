package dev.polywire.eventstore.server;

import java.util.ArrayDeque;
import java.util.Queue;

/** RoundRobin, where each event is the next client's, and DispatchToSingle, where one client is filled before the next. */
final class RotatingStrategy implements ConsumerStrategy {

    private final boolean roundRobin;
    private final Queue<GroupClient> clients = new ArrayDeque<>();

    RotatingStrategy(boolean roundRobin) {
        this.roundRobin = roundRobin;
    }

    @Override
    public void added(GroupClient client) {
        clients.add(client);
    }

    @Override
    public void removed(GroupClient client) {
        clients.remove(client);
    }

    @Override
    public Choice choose(GroupMessage message) {
        for (int tried = clients.size(); tried > 0; tried--) {
            GroupClient first = clients.element();
            boolean hasRoom = first.hasRoom();
            if (roundRobin || !hasRoom) {
                clients.add(clients.remove());
            }
            if (hasRoom) {
                return Choice.of(first);
            }
        }
        return Choice.FULL;
    }
}
