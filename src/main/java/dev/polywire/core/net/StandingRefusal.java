package dev.polywire.core.net;

import dev.polywire.core.net.CallException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A peer does not let us in, or we do not trust it, and time alone does not heal that: a login, a certificate. While the last
 * attempt to connect failed so, calls fail at once with its failure, and attempts are made at growing distance: who tries a
 * wrong password often locks the account.
 *
 * <pre>
 *   attempt      refused       further ones fail with the refusal, without the peer: 30 s, 60 s, ... 5 min, up to half more
 *   attempt      fails else    calls wait again
 *   attempt      succeeds      calls go on; a refusal within 30 s counts on from where the last one did
 * </pre>
 *
 * <p>Shared by all connections with one login; belongs to one context.
 */
public final class StandingRefusal {

    /** First distance: an account that is locked after some wrong passwords in a minute stays open. */
    public static final long FIRST_MILLIS = 30_000;
    /** Last distance: who repairs the account or the certificate at the peer does not wait long, or reloads. */
    public static final long LAST_MILLIS = 300_000;

    private static final int LAST_DOUBLING = 4;
    private static final long NEVER = Long.MAX_VALUE;

    private final RandomGenerator random;
    private final LongSupplier nowMillis;
    private @Nullable CallException refusal;
    /** All so far: an attempt that began before the last one says nothing new. */
    private long refusals;

    private int inARow;
    private long untilMillis;
    private long succeededMillis = NEVER;
    /** The one attempt that is made after a distance, until it is over. */
    private @Nullable Future<Void> probe;

    public StandingRefusal(RandomGenerator random) {
        this(random, Monotonic::millis);
    }

    StandingRefusal(RandomGenerator random, LongSupplier nowMillis) {
        this.random = random;
        this.nowMillis = nowMillis;
    }

    /** Whether {@code cause} is a refusal that time alone does not heal. */
    public static boolean isRefusal(@Nullable Throwable cause) {
        return cause instanceof CallException call
                && (call.reason() == Reason.UNAUTHENTICATED || call.reason() == Reason.FORBIDDEN);
    }

    /** Why calls fail now; null: the last attempt did not fail so. */
    public @Nullable CallException now() {
        return refusal;
    }

    /** How long no attempt is made from now on; 0: the next one is. */
    public long restMillis() {
        return refusal == null ? 0 : Math.max(0, untilMillis - nowMillis.getAsLong());
    }

    /** Makes an attempt, unless a refusal stands: then it fails with that. After the distance one attempt is made at a time. */
    public <T> Future<T> attempt(Supplier<Future<T>> dial) {
        CallException standing = refusal;
        if (standing == null) {
            long before = refusals;
            return called(dial).onComplete(dialled -> over(before, dialled.cause()));
        } else if (restMillis() > 0) {
            return Future.failedFuture(standing);
        }
        Future<Void> other = probe;
        if (other != null) {
            return other.compose(over -> attempt(dial));
        }
        Promise<Void> over = Promise.promise();
        probe = over.future();
        long before = refusals;
        return called(dial).onComplete(dialled -> {
            probe = null;
            over(before, dialled.cause());
            over.complete();
        });
    }

    /** A connection has ended with {@code cause}: a client learns behind the handshake of TLS 1.3 that it is refused. */
    public void ended(RuntimeException cause) {
        if (isRefusal(cause)) {
            over(refusals, cause);
        }
    }

    /** @param before the refusals that the attempt knew: those that were made together count once */
    private void over(long before, @Nullable Throwable failure) {
        long now = nowMillis.getAsLong();
        if (failure instanceof CallException refused && isRefusal(refused)) {
            if (before == refusals) {
                inARow = now - succeededMillis >= FIRST_MILLIS ? 0 : inARow;
                succeededMillis = NEVER;
                long millis = Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(inARow++, LAST_DOUBLING));
                untilMillis = now + millis + random.nextLong(millis / 2);
                refusals++;
                refusal = refused;
            }
            return;
        }
        refusal = null;
        if (failure == null) {
            succeededMillis = now;
        }
    }

    /** A dial that throws counts as a failed attempt. */
    private static <T> Future<T> called(Supplier<Future<T>> dial) {
        try {
            return dial.get();
        } catch (RuntimeException thrown) {
            return Future.failedFuture(thrown);
        }
    }
}
