package dev.polywire.amqp.wire;

import java.util.Locale;

/** Names of methods as the specification has them, made from those of their records. */
final class MethodNames extends ClassValue<String> {

    private static final MethodNames NAMES = new MethodNames();

    private MethodNames() {}

    /** {@code ConnectionMethod.StartOk}: {@code connection.start-ok}. */
    static String of(Class<? extends AmqpMethod> method) {
        return NAMES.get(method);
    }

    @Override
    protected String computeValue(Class<?> method) {
        Class<?> outer = method.getDeclaringClass();
        String group = outer == null || outer == ContentMethod.class ? "Basic" : outer.getSimpleName();
        return group.replace("Method", "").toLowerCase(Locale.ROOT)
                + "."
                + method.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
