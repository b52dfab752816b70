package dev.polywire.app;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** A verticle that leaves after others: Vert.x undeploys the children of a verticle all at once. */
final class OrderedPart implements Deployable {

    private final Deployable verticle;
    private final Supplier<Future<Void>> before;
    private final Promise<Void> left = Promise.promise();

    /** @param before gives, when Vert.x undeploys this, what is waited for; its failure is the same as success */
    OrderedPart(Deployable verticle, Supplier<Future<Void>> before) {
        this.verticle = verticle;
        this.before = before;
    }

    /** Completes when it has left, in whatever way. */
    Future<Void> left() {
        return left.future();
    }

    @Override
    public Future<?> deploy(Context context) throws Exception {
        return verticle.deploy(context);
    }

    @Override
    public Future<?> undeploy(Context context) {
        Promise<Void> stopped = Promise.promise();
        before.get()
                .onComplete(gone -> context.runOnContext(turn -> stop(context).onComplete(stopped)));
        return stopped.future().onComplete(done -> left.tryComplete());
    }

    private Future<Void> stop(Context context) {
        try {
            return verticle.undeploy(context).mapEmpty();
        } catch (Exception thrown) {
            return Future.failedFuture(thrown);
        }
    }
}
