package dev.polywire.amqp.wire;

/** Which methods hold credentials. */
final class Credentials {

    private Credentials() {}

    static boolean in(AmqpMethod method) {
        return method instanceof ConnectionMethod
                && (method instanceof ConnectionMethod.StartOk
                        || method instanceof ConnectionMethod.Secure
                        || method instanceof ConnectionMethod.SecureOk
                        || method instanceof ConnectionMethod.UpdateSecret);
    }
}
