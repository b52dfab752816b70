package dev.polywire.framed.service;

import dev.polywire.core.net.CallException;
import dev.polywire.core.net.Deadline;
import dev.polywire.core.net.MemoryAccount;
import dev.polywire.core.net.MemoryBudget;
import dev.polywire.core.net.MemoryHolder;
import dev.polywire.framed.client.FramedConnection;
import dev.polywire.framed.client.Sending;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.List;

/** One frame on its way to many peers, in memory once: so it is not in the accounts of their connections, but in its own. */
final class FramedBroadcast implements MemoryHolder {

    private final List<Sending> sendings;

    private FramedBroadcast(List<Sending> sendings) {
        this.sendings = sendings;
    }

    /** @return how many of {@code peers} it was written to; the others did not read by the deadline, or were lost */
    static Future<Long> send(
            Vertx vertx, String sender, Buffer frame, Collection<FramedConnection> peers, Deadline deadline) {
        List<Sending> sendings =
                peers.stream().map(each -> each.sendFrame(frame, deadline)).toList();
        FramedBroadcast broadcast = new FramedBroadcast(sendings);
        deadline.whenExpired(broadcast::giveUp);
        MemoryAccount account = MemoryBudget.of(vertx).open(sender + ", broadcast", broadcast);
        account.holds(frame.length());
        List<Future<Void>> writes = sendings.stream().map(Sending::written).toList();
        return Future.join(writes).otherwiseEmpty().map(done -> {
            account.close();
            return writes.stream().filter(Future::succeeded).count();
        });
    }

    @Override
    public void drop(CallException why) {
        giveUp();
    }

    private void giveUp() {
        sendings.forEach(sending -> sending.giveUp().run());
    }
}
