# SPDX-License-Identifier: BSD-2-Clause
# fish completion for gatesh.

function __gatesh_column --description 'Print the first column of what gatesh prints'
	gatesh $argv 2>/dev/null | string replace --regex ' .*' ''
end

set -l commands run check explain lint test rules new-rule replay show log net count undo sessions pending answer allow deny grants freeze thaw pause resume companion doctor bugreport help
set -l none "not __fish_seen_subcommand_from $commands"

complete -c gatesh -f
complete -c gatesh -n $none -l help -d 'Show help'
complete -c gatesh -n $none -l version -d 'Show the version'
complete -c gatesh -n $none -a run -d 'Run a command in a gated session'
complete -c gatesh -n $none -a check -d 'Judge a command without running it'
complete -c gatesh -n $none -a explain -d 'Explain the verdict on a command'
complete -c gatesh -n $none -a lint -d 'Check rule packs, services and gate.conf'
complete -c gatesh -n $none -a test -d 'Run the hits and misses of rule packs'
complete -c gatesh -n $none -a rules -d 'List and search rules, and show which ever matched'
complete -c gatesh -n $none -a new-rule -d 'Write a rule for a command or an audit record'
complete -c gatesh -n $none -a replay -d 'Judge the commands of the audit log by other rules'
complete -c gatesh -n $none -a show -d 'Show the rules and the policy that are loaded'
complete -c gatesh -n $none -a log -d 'Read, filter and follow the audit log'
complete -c gatesh -n $none -a net -d 'List every destination of a session'
complete -c gatesh -n $none -a count -d 'Count files, and those git does not have'
complete -c gatesh -n $none -a undo -d 'List and restore what sessions removed or overwrote'
complete -c gatesh -n $none -a sessions -d 'List the running sessions, or end one'
complete -c gatesh -n $none -a pending -d 'List the questions that wait for an answer'
complete -c gatesh -n $none -a answer -d 'Answer a session\'s questions on this terminal'
complete -c gatesh -n $none -a allow -d 'Answer a question with yes'
complete -c gatesh -n $none -a deny -d 'Answer a question with no'
complete -c gatesh -n $none -a grants -d 'List or revoke what was allowed for a session'
complete -c gatesh -n $none -a freeze -d 'Refuse everything in a session'
complete -c gatesh -n $none -a thaw -d 'End a freeze'
complete -c gatesh -n $none -a pause -d 'Let a session do everything for a while, when Gate is at fault'
complete -c gatesh -n $none -a resume -d 'End a pause before its time'
complete -c gatesh -n $none -a companion -d 'The companion shell: all sessions at one prompt'
complete -c gatesh -n $none -a doctor -d 'Show what Gate guards on this machine, and what it does not'
complete -c gatesh -n $none -a bugreport -d 'Collect what a bug report needs, without secrets'
complete -c gatesh -n $none -a help -d 'Show the help of a command'
complete -c gatesh -n "__fish_seen_subcommand_from help" -x -a "$commands"

function __gatesh_on --description 'Is it one of these commands?'
	__fish_seen_subcommand_from $argv
end

complete -c gatesh -n "__gatesh_on $commands" -s h -l help -d 'Show help'
complete -c gatesh -n '__gatesh_on check explain lint test rules replay show log net count undo sessions pending grants doctor' -s j -l json -d 'Print JSON'
complete -c gatesh -n '__gatesh_on run check explain rules replay show' -s s -l service -x -a 'agent ci shell' -d 'Let this service decide'
complete -c gatesh -n '__gatesh_on check explain rules replay show' -s r -l rules -r -F -d 'Use these rules instead of the installed ones'
complete -c gatesh -n '__gatesh_on check explain' -s c -l text -x -d 'Judge a shell text'
complete -c gatesh -n '__gatesh_on run check explain' -x -a '(__fish_complete_subcommand)'
complete -c gatesh -n '__gatesh_on check explain lint' -s v -l verbose -d 'Show more'

complete -c gatesh -n '__gatesh_on run' -s a -l agent -x -d 'Name the agent'
complete -c gatesh -n '__gatesh_on run' -l workspace -x -a '(__fish_complete_directories)' -d 'Also work in this directory'
complete -c gatesh -n '__gatesh_on run' -l network -x -a 'log ask allow-listed' -d 'How to treat destinations that no rule matches'
complete -c gatesh -n '__gatesh_on run' -l allow-list -r -F -d 'The list for --network'
complete -c gatesh -n '__gatesh_on run' -l wait-for-answer -d 'Without a terminal, let questions wait'
complete -c gatesh -n '__gatesh_on run' -l allow-setuid -d 'Do not confine the command: sudo works inside'
complete -c gatesh -n '__gatesh_on run' -l tier -x -a 'seam preload' -d 'What watches the system calls'
complete -c gatesh -n '__gatesh_on run' -l debug -r -F -d 'Append a debug trace'

complete -c gatesh -n '__gatesh_on check' -l lines -d 'Judge one shell text per line of stdin'
complete -c gatesh -n '__gatesh_on check' -s n -l no-ask -d 'Never ask'

complete -c gatesh -n '__gatesh_on lint test replay' -F
complete -c gatesh -n '__gatesh_on lint' -l everyday -r -F -d 'More commands that no rule may ask about'
complete -c gatesh -n '__gatesh_on lint' -l strict -d 'Treat warnings as errors'
complete -c gatesh -n '__gatesh_on test' -s t -l tap -d 'Print TAP even on a terminal'
complete -c gatesh -n '__gatesh_on test' -l table -d 'Always print the table'
complete -c gatesh -n '__gatesh_on rules' -s c -l coverage -d 'Show how often each rule matched'
complete -c gatesh -n '__gatesh_on rules' -s u -l unused -d 'List only rules that never matched'
complete -c gatesh -n '__gatesh_on rules' -l since -x -a '10m 2h 7d' -d 'Count only later matches'
complete -c gatesh -n '__gatesh_on rules' -x -a '(__gatesh_column show rules)' -d 'Rule'
complete -c gatesh -n '__gatesh_on rules new-rule' -l log -r -F -d 'Use this audit log'
complete -c gatesh -n '__gatesh_on new-rule' -s i -l id -x -d 'The rule\'s name'
complete -c gatesh -n '__gatesh_on replay' -s a -l all -d 'Also show what stays the same'
complete -c gatesh -n '__gatesh_on show' -a 'rules packs service image (__gatesh_column show rules)'

complete -c gatesh -n '__gatesh_on log' -l session -x -a '(__gatesh_column sessions)' -d 'Only of this session'
complete -c gatesh -n '__gatesh_on log' -l verdict -x -a 'allow deny' -d 'Only this verdict'
complete -c gatesh -n '__gatesh_on log' -l rule -x -a '(__gatesh_column show rules)' -d 'Only where a rule with this id matched'
complete -c gatesh -n '__gatesh_on log' -l event -x -a 'exec unlink rename truncate write connect signal' -d 'Only this event'
complete -c gatesh -n '__gatesh_on log' -l since -x -a '10m 2h 7d' -d 'Only later decisions'
complete -c gatesh -n '__gatesh_on log' -s n -l lines -x -d 'Only the last ones'
complete -c gatesh -n '__gatesh_on log' -l numbers -d 'With line numbers of the log'
complete -c gatesh -n '__gatesh_on log' -s f -l follow -d 'Wait for more'

complete -c gatesh -n '__gatesh_on net' -l session -x -a '(__gatesh_column sessions)' -d 'Show this session'
complete -c gatesh -n '__gatesh_on net' -l all -d 'Show all sessions'
complete -c gatesh -n '__gatesh_on net' -s f -l follow -d 'Show each as it is logged'
complete -c gatesh -n '__gatesh_on net' -l allow-list -d 'Print a list file'

complete -c gatesh -n '__gatesh_on count' -F
complete -c gatesh -n '__gatesh_on undo' -F -a 'forget prune'
complete -c gatesh -n '__gatesh_on undo' -l session -x -d 'Only what this session did'
complete -c gatesh -n '__gatesh_on undo' -l all -d 'Include all sessions'
complete -c gatesh -n '__gatesh_on undo' -l since -x -a '10m 2h 7d' -d 'Restore everything as it was then'
complete -c gatesh -n '__gatesh_on undo' -l command -x -d 'Restore what one command did'
complete -c gatesh -n '__gatesh_on undo' -l redo -d 'Take back the last undo'
complete -c gatesh -n '__gatesh_on undo' -l show -d 'Print the kept version'
complete -c gatesh -n '__gatesh_on undo' -l diff -d 'Compare it with what is there'
complete -c gatesh -n '__gatesh_on undo' -l force -d 'Restore under a program that has it open'
complete -c gatesh -n '__gatesh_on undo' -s l -l long -d 'List every file'
complete -c gatesh -n '__gatesh_on undo' -s n -l dry-run -d 'Show what undo would do'
complete -c gatesh -n '__gatesh_on bugreport' -s o -l output -r -F -d 'Write to this file'
complete -c gatesh -n '__gatesh_on bugreport' -l trace -r -F -d 'Add the end of this debug trace'
complete -c gatesh -n '__gatesh_on undo sessions bugreport' -s y -l yes -d 'Do not ask'
complete -c gatesh -n '__gatesh_on undo' -l older -x -a '7d 30d' -d 'prune: what was kept longer ago'
complete -c gatesh -n '__gatesh_on undo' -l quota -x -d 'prune: until this much is left'

complete -c gatesh -n '__gatesh_on allow deny' -x -a '(__gatesh_column pending)' -d 'Question'
complete -c gatesh -n '__gatesh_on allow' -s w -l word -x -d 'The typed word'
complete -c gatesh -n '__gatesh_on grants' -x -a 'revoke (__gatesh_column grants)' -d 'Grant'
complete -c gatesh -n '__gatesh_on answer freeze thaw pause resume' -x -a '(__gatesh_column sessions)' -d 'Session'
