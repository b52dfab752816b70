package dev.polywire.bolt.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The markers of PackStream (Bolt specification, PackStream). The first byte of a value determines its type:
 *
 * <pre>
 *   00..7F, F0..FF  integer -16..127              C0     null
 *   80..8F          string of 0..15 bytes         C1     float, 8 bytes
 *   90..9F          list of 0..15                 C2 C3  false, true
 *   A0..AF          map of 0..15                  C8 C9 CA CB  integer of 1, 2, 4, 8 bytes
 *   B0..BF          structure of 0..15 fields     CC CD CE     bytes       } with a length
 *                                                 D0 D1 D2     string      } of 1, 2, 4 bytes
 *   E0  UUID, 16 bytes; from Bolt 6.1 on          D4 D5 D6     list        }
 *                                                 D8 D9 DA     map         }
 *                                                 DC DD        structure   } (early Bolt only)
 * </pre>
 */
final class PackStream {

    static final int NULL = 0xc0;
    static final int FLOAT = 0xc1;
    static final int FALSE = 0xc2;
    static final int TRUE = 0xc3;
    static final int INT_8 = 0xc8;
    static final int INT_16 = 0xc9;
    static final int INT_32 = 0xca;
    static final int INT_64 = 0xcb;
    static final int UUID = 0xe0;

    static final int TINY_STRING = 0x80;
    static final int TINY_LIST = 0x90;
    static final int TINY_MAP = 0xa0;
    static final int TINY_STRUCTURE = 0xb0;

    /** The first of three markers, for lengths of 1, 2 and 4 bytes. */
    static final int BYTES = 0xcc;

    static final int STRING = 0xd0;
    static final int LIST = 0xd4;
    static final int MAP = 0xd8;
    static final int STRUCTURE = 0xdc;

    /** Numbers in an array of bytes. */
    static final VarHandle SHORTS = view(short[].class);

    static final VarHandle INTS = view(int[].class);
    static final VarHandle LONGS = view(long[].class);
    static final VarHandle DOUBLES = view(double[].class);

    private static final @Nullable PackStreamType[] TYPES = types();

    private PackStream() {}

    /** The type of a value with this {@code marker}; null: a reserved marker. */
    static @Nullable PackStreamType type(int marker) {
        return TYPES[marker & 0xff];
    }

    private static @Nullable PackStreamType[] types() {
        @Nullable PackStreamType[] types = new PackStreamType[256];
        fill(types, 0x00, 0x7f, PackStreamType.INTEGER);
        fill(types, 0xf0, 0xff, PackStreamType.INTEGER);
        fill(types, INT_8, INT_64, PackStreamType.INTEGER);
        fill(types, TINY_STRING, TINY_STRING + 15, PackStreamType.STRING);
        fill(types, TINY_LIST, TINY_LIST + 15, PackStreamType.LIST);
        fill(types, TINY_MAP, TINY_MAP + 15, PackStreamType.MAP);
        fill(types, TINY_STRUCTURE, TINY_STRUCTURE + 15, PackStreamType.STRUCTURE);
        fill(types, NULL, NULL, PackStreamType.NULL);
        fill(types, FLOAT, FLOAT, PackStreamType.FLOAT);
        fill(types, FALSE, TRUE, PackStreamType.BOOLEAN);
        fill(types, BYTES, BYTES + 2, PackStreamType.BYTES);
        fill(types, STRING, STRING + 2, PackStreamType.STRING);
        fill(types, LIST, LIST + 2, PackStreamType.LIST);
        fill(types, MAP, MAP + 2, PackStreamType.MAP);
        fill(types, STRUCTURE, STRUCTURE + 1, PackStreamType.STRUCTURE);
        fill(types, UUID, UUID, PackStreamType.UUID);
        return types;
    }

    private static void fill(@Nullable PackStreamType[] types, int first, int last, PackStreamType type) {
        for (int marker = first; marker <= last; marker++) {
            types[marker] = type;
        }
    }

    private static VarHandle view(Class<?> numbers) {
        return MethodHandles.byteArrayViewVarHandle(numbers, ByteOrder.BIG_ENDIAN);
    }
}
