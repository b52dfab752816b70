package dev.polywire.framed.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Opcodes of Python's pickle, protocols 0 to 5, by the names and bytes of CPython's {@code pickletools}. */
enum PickleOpcode {
    PROTO(0x80, Use.DATA),
    FRAME(0x95, Use.DATA),
    STOP('.', Use.DATA),
    MARK('(', Use.DATA),
    NONE('N', Use.DATA),
    NEWTRUE(0x88, Use.DATA),
    NEWFALSE(0x89, Use.DATA),
    BININT('J', Use.DATA),
    BININT1('K', Use.DATA),
    BININT2('M', Use.DATA),
    LONG1(0x8a, Use.DATA),
    LONG4(0x8b, Use.DATA),
    BINFLOAT('G', Use.DATA),
    SHORT_BINUNICODE(0x8c, Use.DATA),
    BINUNICODE('X', Use.DATA),
    BINUNICODE8(0x8d, Use.DATA),
    SHORT_BINBYTES('C', Use.DATA),
    BINBYTES('B', Use.DATA),
    BINBYTES8(0x8e, Use.DATA),
    BYTEARRAY8(0x96, Use.DATA),
    EMPTY_LIST(']', Use.DATA),
    APPEND('a', Use.DATA),
    APPENDS('e', Use.DATA),
    EMPTY_TUPLE(')', Use.DATA),
    TUPLE('t', Use.DATA),
    TUPLE1(0x85, Use.DATA),
    TUPLE2(0x86, Use.DATA),
    TUPLE3(0x87, Use.DATA),
    EMPTY_DICT('}', Use.DATA),
    SETITEM('s', Use.DATA),
    SETITEMS('u', Use.DATA),
    EMPTY_SET(0x8f, Use.DATA),
    ADDITEMS(0x90, Use.DATA),
    MEMOIZE(0x94, Use.DATA),
    BINPUT('q', Use.DATA),
    LONG_BINPUT('r', Use.DATA),
    BINGET('h', Use.DATA),
    LONG_BINGET('j', Use.DATA),

    GLOBAL('c', Use.CLASS),
    STACK_GLOBAL(0x93, Use.CLASS),
    REDUCE('R', Use.CLASS),
    BUILD('b', Use.CLASS),
    INST('i', Use.CLASS),
    OBJ('o', Use.CLASS),
    NEWOBJ(0x81, Use.CLASS),
    NEWOBJ_EX(0x92, Use.CLASS),
    EXT1(0x82, Use.CLASS),
    EXT2(0x83, Use.CLASS),
    EXT4(0x84, Use.CLASS),
    PERSID('P', Use.CLASS),
    BINPERSID('Q', Use.CLASS),

    NEXT_BUFFER(0x97, Use.OUT_OF_BAND),
    READONLY_BUFFER(0x98, Use.OUT_OF_BAND),

    INT('I', Use.OLD),
    LONG('L', Use.OLD),
    FLOAT('F', Use.OLD),
    STRING('S', Use.OLD),
    BINSTRING('T', Use.OLD),
    SHORT_BINSTRING('U', Use.OLD),
    UNICODE('V', Use.OLD),
    LIST('l', Use.OLD),
    DICT('d', Use.OLD),
    PUT('p', Use.OLD),
    GET('g', Use.OLD),

    FROZENSET(0x91, Use.UNUSED),
    POP('0', Use.UNUSED),
    POP_MARK('1', Use.UNUSED),
    DUP('2', Use.UNUSED);

    /** The purpose of an opcode, which decides whether it is read. */
    enum Use {
        DATA("is data"),
        CLASS("names or builds a class"),
        OUT_OF_BAND("wants a buffer from outside the payload"),
        OLD("is of protocols 0 and 1, or of Python 2"),
        UNUSED("is in no data that is read here");

        final String words;

        Use(String words) {
            this.words = words;
        }
    }

    private static final PickleOpcode[] BY_CODE = new PickleOpcode[256];

    static {
        Arrays.stream(values()).forEach(each -> BY_CODE[each.code] = each);
    }

    final int code;
    final Use use;

    PickleOpcode(int code, Use use) {
        this.code = code;
        this.use = use;
    }

    /** The opcode of an unsigned byte, or null. */
    static @Nullable PickleOpcode of(int code) {
        return BY_CODE[code];
    }
}
