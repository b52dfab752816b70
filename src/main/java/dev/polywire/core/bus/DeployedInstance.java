package dev.polywire.core.bus;

import dev.polywire.core.wire.Limits;
import io.vertx.core.Context;

/**
 * Which of the instances of its deployment a verticle is: what the configuration allows a connector, such as connections to one
 * server, is divided among them.
 *
 * @param number 0 to {@code count - 1}; no two instances of a deployment have the same
 * @param count how many instances were deployed together
 */
public record DeployedInstance(int number, int count) {

    /** The only one. */
    public static final DeployedInstance ALONE = new DeployedInstance(0, 1);

    private static final String MAP = "polywire.deployed-instances";

    public DeployedInstance {
        Limits.range("count", count, 1, Integer.MAX_VALUE);
        Limits.range("number", number, 0, count - 1);
    }

    /** The next number of a deployment: to be called once by each of its instances, when it starts. @param context its own */
    static DeployedInstance next(Context context) {
        int count = context.getInstanceCount();
        if (count <= 1) {
            return ALONE;
        }
        // The last one needs nobody after it, so that nothing is left of the deployment.
        int[] number = {0};
        context.owner().sharedData().<String, Integer>getLocalMap(MAP).compute(context.deploymentID(), (id, given) -> {
            number[0] = given == null ? 0 : given;
            return number[0] + 1 < count ? number[0] + 1 : null;
        });
        return new DeployedInstance(number[0], count);
    }

    /**
     * Its part of {@code whole}, which differs by one at most between instances. The parts are {@code whole} together, or more
     * if there are more instances than that, and each must have something.
     *
     * @param whole 0 or more
     * @param least what each must have
     */
    public int share(int whole, int least) {
        int share = whole / count + (number < whole % count ? 1 : 0);
        return Math.max(least, share);
    }
}
