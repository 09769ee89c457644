#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# postgresql.sh - keeps a database or tables as pg_dump writes them, and restores them.
#
#     postgresql.sh keep|undo database PROGRAM [OPTION ...] -- DATABASE
#     postgresql.sh keep|undo tables [OPTION ...] -- [DATABASE [USER]] -- TABLE ...
#
# The size and the time of a keep are limited (gate.conf(5)): a big one fails, and the question says so.
say() { printf '%s\n' "$*"; }
fail() { say "$*" >&2; exit 2; }
[ "${GATE_KEEP-}" ] || fail "postgresql.sh: no GATE_KEEP"
act=$1 what=$2
shift 2
if [ "$what" = database ]; then
	[ "$1" = dropdb ] || fail "$1: only databases are kept"
	shift
fi
options='' # words that the shell reads again
quote() { printf "'%s' " "$(printf %s "$1" | sed "s/'/'\\\\''/g")"; }
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	case $1 in --if-exists | -i | --interactive | -e | --echo | -f | --force) ;; *) options="$options$(quote "$1")" ;; esac
	shift
done
[ $# -gt 0 ] && shift

if [ "$what" = database ]; then
	[ $# = 1 ] || fail "the database is not known"
	if [ "$act" = keep ]; then
		eval "pg_dump -w $options-Fc -f \"\$GATE_KEEP/database.dump\" -d \"\$1\"" || exit 2
		say "kept: the database $1, as pg_dump writes it ($(($(wc -c <"$GATE_KEEP/database.dump") / 1024)) KiB)"
		say "loses: rights on the database itself, and its settings"
	else
		eval "createdb $options\"\$1\"" || exit 1
		eval "pg_restore $options-d \"\$1\" \"\$GATE_KEEP/database.dump\""
	fi
	exit
fi

database='' user=''
[ "$1" = -- ] || { database=$1; shift; }
[ "$1" = -- ] || { user=$1; shift; }
shift
[ "$database" ] && options="$options-d $(quote "$database")"
[ "$user" ] && options="$options-U $(quote "$user")"
if [ "$act" = undo ]; then
	eval "psql -X -v ON_ERROR_STOP=1 -1 -q -o /dev/null $options-f \"\$GATE_KEEP/tables.sql\""
	exit
fi
tables=''
for table in $(printf '%s ' "$@" | tr ',;' '  '); do
	case $table in [Cc][Aa][Ss][Cc][Aa][Dd][Ee] | [Rr][Ee][Ss][Tt][Rr][Ii][Cc][Tt]) continue ;; esac
	tables="$tables-t $(quote "$table")"
done
eval "pg_dump -w $options$tables-f \"\$GATE_KEEP/tables.sql\"" || exit 2
say "kept: $(printf '%s ' "$@" | tr -d ',;' | sed 's/ $//'), as pg_dump writes it ($(($(wc -c <"$GATE_KEEP/tables.sql") / 1024)) KiB)"
say "loses: what else goes with it by CASCADE: foreign keys of other tables, views"
