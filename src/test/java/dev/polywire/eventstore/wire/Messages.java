package dev.polywire.eventstore.wire;

import io.vertx.core.buffer.Buffer;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Messages by chance. */
final class Messages {

    /** Commands whose payload is no protobuf message, or nothing that matters. */
    private static final Set<TcpCommand> WITHOUT_PROTOBUF = Set.of(
            TcpCommand.HEARTBEAT_REQUEST,
            TcpCommand.HEARTBEAT_RESPONSE,
            TcpCommand.PING,
            TcpCommand.PONG,
            TcpCommand.BAD_REQUEST,
            TcpCommand.NOT_AUTHENTICATED,
            TcpCommand.AUTHENTICATE,
            TcpCommand.AUTHENTICATED,
            TcpCommand.CLIENT_IDENTIFIED,
            TcpCommand.SCAVENGE_DATABASE,
            TcpCommand.UNSUBSCRIBE_FROM_STREAM);

    private Messages() {}

    /** Whether the payload of this command is decoded. */
    static boolean isProtobuf(TcpCommand command) {
        return command.sender() != TcpCommand.Sender.NODE && !WITHOUT_PROTOBUF.contains(command);
    }

    /** The records of all messages, by name: the compiler's order depends on what else it compiles. */
    static List<Class<? extends EventStoreMessage>> types() {
        List<Class<? extends EventStoreMessage>> all = new ArrayList<>();
        collect(EventStoreMessage.class, all);
        all.sort(Comparator.comparing(Class::getName));
        return all;
    }

    private static void collect(Class<?> type, List<Class<? extends EventStoreMessage>> into) {
        if (type.isRecord()) {
            into.add(type.asSubclass(EventStoreMessage.class));
        } else {
            Stream.of(type.getPermittedSubclasses()).forEach(each -> collect(each, into));
        }
    }

    /** A message of this type. What may be null is so sometimes. */
    static EventStoreMessage some(Class<? extends EventStoreMessage> type, Random random) {
        return (EventStoreMessage) record(type, random);
    }

    private static Object record(Class<?> type, Random random) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            Object[] arguments = Stream.of(components)
                    .map(each -> value(each.getAnnotatedType(), each.getType(), random))
                    .toArray();
            return type.getDeclaredConstructor(
                            Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new))
                    .newInstance(arguments);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(type.getName(), impossible);
        }
    }

    private static @Nullable Object value(AnnotatedType annotated, Class<?> type, Random random) {
        if (annotated.isAnnotationPresent(Nullable.class) && random.nextInt(3) == 0) {
            return null;
        }
        if (type == List.class) {
            AnnotatedType of = ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[0];
            return Stream.generate(() -> value(of, (Class<?>) of.getType(), random))
                    .limit(random.nextInt(4))
                    .toList();
        }
        return type.isEnum()
                ? type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)]
                : type.isRecord() ? record(type, random) : scalar(type, random);
    }

    private static Object scalar(Class<?> type, Random random) {
        if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == int.class || type == Integer.class) {
            return random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(3);
        } else if (type == long.class || type == Long.class) {
            return random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(-4, 4);
        } else if (type == UUID.class) {
            return new UUID(random.nextLong(), random.nextLong());
        }
        return type == String.class ? text(random) : Buffer.buffer(text(random));
    }

    /** Of one, two, three and four bytes a character. */
    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(List.of(0x61, 0x20, 0x416, 0x20ac, 0x1f600).get(random.nextInt(5)));
        }
        return text.toString();
    }
}
