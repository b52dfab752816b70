package dev.polywire.amqp.wire;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Methods and values as bytes, and some of each by chance. */
final class Encoded {

    private Encoded() {}

    static Buffer written(Consumer<AmqpWriter> what) {
        AmqpWriter out = new AmqpWriter();
        what.accept(out);
        return out.copy();
    }

    /** The payload of a method frame. */
    static Buffer payload(AmqpMethod method) {
        return written(out -> method.write(out.u32(method.id())));
    }

    static Buffer frame(int type, int channel, Buffer payload) {
        return Buffer.buffer()
                .appendByte((byte) type)
                .appendUnsignedShort(channel)
                .appendInt(payload.length())
                .appendBuffer(payload)
                .appendByte((byte) FrameReader.END);
    }

    static Buffer frame(int channel, AmqpMethod method) {
        return frame(FrameReader.METHOD, channel, payload(method));
    }

    static Buffer headerFrame(int channel, int classId, long size, BasicProperties properties) {
        return frame(FrameReader.HEADER, channel, written(new ContentHeader(classId, size, properties)::write));
    }

    /** The records of all methods, by name: the compiler's order depends on what else it compiles. */
    static List<Class<? extends AmqpMethod>> methods() {
        List<Class<? extends AmqpMethod>> all = new ArrayList<>();
        collect(AmqpMethod.class, all);
        all.sort(Comparator.comparing(Class::getName));
        return all;
    }

    private static void collect(Class<?> type, List<Class<? extends AmqpMethod>> into) {
        if (type.isRecord()) {
            into.add(type.asSubclass(AmqpMethod.class));
        } else {
            Stream.of(type.getPermittedSubclasses()).forEach(each -> collect(each, into));
        }
    }

    /** A method with arguments by chance. */
    static AmqpMethod method(Class<? extends AmqpMethod> type, Random random) {
        try {
            Object[] arguments = Stream.of(type.getRecordComponents())
                    .map(each -> argument(each.getName(), each.getType(), random))
                    .toArray();
            return (AmqpMethod) type.getDeclaredConstructors()[0].newInstance(arguments);
        } catch (ReflectiveOperationException impossible) {
            throw new AssertionError(type.getName(), impossible);
        }
    }

    private static Object argument(String name, Class<?> type, Random random) {
        if (type == int.class) {
            return random.nextInt(name.startsWith("version") ? 256 : 65_536);
        } else if (type == long.class) {
            return name.equals("deliveryTag") ? random.nextLong() : random.nextLong(1L << 32);
        } else if (type == boolean.class) {
            return random.nextBoolean();
        } else if (type == String.class) {
            return text(random, 60);
        }
        return type == Buffer.class ? Buffer.buffer(text(random, 300)) : table(random, 3);
    }

    /** Of one, two, three and four bytes a character. */
    static String text(Random random, int maxCharacters) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(maxCharacters); i > 0; i--) {
            text.appendCodePoint(List.of(0x61, 0x20, 0x416, 0x20ac, 0x1f600).get(random.nextInt(5)));
        }
        return text.toString();
    }

    static Map<String, Object> table(Random random, int depth) {
        Map<String, Object> table = new LinkedHashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            table.put(text(random, 20), value(random, depth));
        }
        return table;
    }

    static Object value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 15 : 17)) {
            case 0 -> random.nextBoolean();
            case 1 -> (byte) random.nextInt();
            case 2 -> new UnsignedField(8, random.nextInt(256));
            case 3 -> (short) random.nextInt();
            case 4 -> new UnsignedField(16, random.nextInt(65_536));
            case 5 -> random.nextInt();
            case 6 -> new UnsignedField(32, random.nextLong(1L << 32));
            case 7 -> random.nextLong();
            case 8 -> random.nextFloat();
            case 9 -> random.nextDouble();
            case 10 -> BigDecimal.valueOf(random.nextInt(), random.nextInt(256));
            case 11 -> new Timestamp(random.nextLong());
            case 12 -> Buffer.buffer(text(random, 10));
            case 13 -> LongString.of(text(random, 10));
            case 14 -> null;
            case 15 -> table(random, depth - 1);
            default -> items(random, depth - 1);
        };
    }

    private static List<Object> items(Random random, int depth) {
        List<Object> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            items.add(value(random, depth));
        }
        return items;
    }
}
