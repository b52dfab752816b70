package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.ConnectionMessage;
import dev.polywire.eventstore.wire.ConnectionMessage.ScavengeDatabaseCompleted;
import dev.polywire.eventstore.wire.ConnectionMessage.ScavengeDatabaseResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers whoever wants deleted events to be collected. There are none here, so that nothing happens; but it takes its time. */
final class Scavenges {

    /** Real ones took 0 to 6 ms for a database in which nothing was to be done. */
    static final int MILLIS = 1;

    private final boolean answersAtTheEnd;
    private final Agenda agenda;
    private @Nullable String running;

    Scavenges(ServerVersion version, Agenda agenda) {
        this.answersAtTheEnd = !version.isAtLeast(ServerVersion.V5_0_11);
        this.agenda = agenda;
    }

    void start(StoreRequest request) {
        if (!request.user().isOperator()) {
            request.answer(
                    answersAtTheEnd
                            ? completed(ScavengeDatabaseCompleted.ScavengeResult.FAILED, "Access denied.", 0)
                            : new ScavengeDatabaseResponse(ScavengeDatabaseResponse.ScavengeResult.UNAUTHORIZED, null));
        } else if (running != null) {
            request.answer(
                    answersAtTheEnd
                            ? completed(
                                    ScavengeDatabaseCompleted.ScavengeResult.IN_PROGRESS,
                                    "Scavenge already in progress.",
                                    0)
                            : new ScavengeDatabaseResponse(
                                    ScavengeDatabaseResponse.ScavengeResult.IN_PROGRESS, running));
        } else {
            run(request);
        }
    }

    private void run(StoreRequest request) {
        running = UUID.randomUUID().toString();
        if (!answersAtTheEnd) {
            request.answer(new ScavengeDatabaseResponse(ScavengeDatabaseResponse.ScavengeResult.STARTED, running));
        }
        agenda.later(MILLIS, () -> {
            running = null;
            if (answersAtTheEnd) {
                request.answer(completed(ScavengeDatabaseCompleted.ScavengeResult.SUCCESS, null, MILLIS));
            }
        });
    }

    private static ConnectionMessage completed(
            ScavengeDatabaseCompleted.ScavengeResult result, @Nullable String error, int millis) {
        return new ScavengeDatabaseCompleted(result, error, millis, 0);
    }
}
