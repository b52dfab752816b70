package dev.polywire.eventstore.session;

import dev.polywire.core.net.CallException;
import dev.polywire.core.wire.ProtocolException;
import dev.polywire.eventstore.client.EventStoreCall;
import dev.polywire.eventstore.client.EventStoreConnection;
import dev.polywire.eventstore.client.EventStoreException;
import dev.polywire.eventstore.wire.EventStoreMessage;
import dev.polywire.eventstore.wire.LeaderInfo;
import dev.polywire.eventstore.wire.NextSending;
import dev.polywire.eventstore.wire.OperationTrouble;
import dev.polywire.eventstore.wire.PageSize;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** One operation, through all its sendings. */
final class OperationAttempts implements EventStoreCall.Repeater {

    /** So often a node that starts may say so: for about 700 ms. */
    private static final int PATIENT_REFUSALS = 3;

    /** What it needs of its client. */
    interface Route {

        NodeLink link();

        /** From now on to the leader. @param named null: nobody @return whether it is one that can be dialled */
        boolean toLeader(@Nullable LeaderInfo named, @Nullable EventStoreConnection from);

        void repeated();
    }

    private final Vertx vertx;
    private final EventStoreCall call;
    private final Repetition repetition;
    private final PageSize pages;
    private final Route route;
    private @Nullable EventStoreConnection used;
    private int refusals;

    OperationAttempts(Vertx vertx, EventStoreCall call, Repetition repetition, PageSize pages, Route route) {
        this.vertx = vertx;
        this.call = call;
        this.repetition = repetition;
        this.pages = pages;
        this.route = route;
        call.repeatedBy(this);
    }

    void send() {
        EventStoreConnection up = route.link().now();
        if (up != null) {
            send(up);
        } else {
            route.link().ready(call.patience()).onSuccess(this::send).onFailure(call::failed);
        }
    }

    private void send(EventStoreConnection connection) {
        used = connection;
        call.ask(pages.fitted(call.question()));
        connection.send(call);
    }

    @Override
    public boolean again(EventStoreCall same, RuntimeException why) {
        OperationTrouble trouble = trouble(why);
        NextSending next = NextSending.after(
                trouble, repetition.survivesUnknown(), refusals, call.patience().remainingMillis());
        if (next.what() == NextSending.What.FAIL) {
            return false;
        }
        if (next.what() == NextSending.What.HALF) {
            EventStoreMessage half = pages.halved(call.question());
            if (half == null) {
                return false;
            }
            call.ask(half);
        }
        call.again(why instanceof CallException lost ? lost : CallException.lost(why.getMessage(), why));
        later(next.pauseMillis(), why);
        return true;
    }

    private OperationTrouble trouble(RuntimeException why) {
        if (why instanceof CallException lost) {
            if (lost.isUnknown()) {
                return lost.getCause() instanceof EventStoreException
                        ? OperationTrouble.GIVEN_UP_BY_SERVER
                        : OperationTrouble.LOST_WRITE;
            }
            if (!lost.hadNoEffect()) {
                return OperationTrouble.REFUSED;
            }
            return call.isSent() ? OperationTrouble.LOST_READ : OperationTrouble.NOT_SENT;
        }
        if (why instanceof ProtocolException) {
            return PageSize.isDivisible(call.question()) ? OperationTrouble.PAGE_TOO_LONG : OperationTrouble.REFUSED;
        }
        if (!(why instanceof EventStoreException refused)) {
            return OperationTrouble.REFUSED;
        }
        return switch (refused.reason()) {
            case NOT_READY -> {
                if (used != null && refusals >= PATIENT_REFUSALS) {
                    route.link().reconsider(used);
                }
                yield OperationTrouble.NOT_READY;
            }
            case TOO_BUSY -> OperationTrouble.TOO_BUSY;
            case IS_READ_ONLY -> OperationTrouble.IS_READ_ONLY;
            case NOT_LEADER ->
                route.toLeader(refused.leader(), used) ? OperationTrouble.NOT_LEADER : OperationTrouble.NO_LEADER;
            default -> OperationTrouble.REFUSED;
        };
    }

    private void later(long pauseMillis, RuntimeException why) {
        route.repeated();
        if (why instanceof EventStoreException || pauseMillis > 0) {
            refusals++;
        }
        if (pauseMillis == 0) {
            // The link learns of the lost connection in this turn, after its calls.
            vertx.runOnContext(now -> send());
            return;
        }
        long timer = vertx.setTimer(pauseMillis, now -> send());
        call.watch(() -> {
            vertx.cancelTimer(timer);
            call.failed(why);
        });
    }
}
