package dev.polywire.amqp.wire;

import java.util.Locale;

/**
 * The number and name of a method's record, so that sixty records need not repeat them.
 *
 * @param id the constant {@code ID} of the record
 * @param name as the specification has it: {@code ConnectionMethod.StartOk} is {@code connection.start-ok}
 */
record MethodKind(int id, String name) {

    private static final ClassValue<MethodKind> KINDS = new ClassValue<>() {
        @Override
        protected MethodKind computeValue(Class<?> method) {
            return new MethodKind(id(method), name(method));
        }
    };

    static MethodKind of(Class<? extends AmqpMethod> method) {
        return KINDS.get(method);
    }

    private static int id(Class<?> method) {
        try {
            return method.getField("ID").getInt(null);
        } catch (ReflectiveOperationException none) {
            throw new IllegalStateException(method + ": ID (expected: a public constant)", none);
        }
    }

    private static String name(Class<?> method) {
        Class<?> outer = method.getDeclaringClass();
        String group = outer == null || outer == ContentMethod.class ? "Basic" : outer.getSimpleName();
        return group.replace("Method", "").toLowerCase(Locale.ROOT)
                + "."
                + method.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
