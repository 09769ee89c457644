# SPDX-License-Identifier: BSD-2-Clause
# way.pl - the acts of way.c, by Perl's own functions or by its syscall().  The numbers are x86-64's.
#
#   perl way.pl perl|syscall ACT A B [ACT A B]...
use strict;
use warnings;
use Fcntl;
use Socket;
$| = 1;
my $way = shift;
my ($new, $middle) = ('new', 100);

# True, or false and $!.
sub called { my ($nr, @args) = @_; return syscall($nr, @args) >= 0 }
my %calls = $way eq 'perl' ? (
	unlink   => sub { CORE::unlink $_[0] },
	rename   => sub { CORE::rename $_[0], $_[1] },
	truncate => sub { CORE::truncate $_[0], 1 },
	open     => sub { sysopen(my $f, $_[0], $_[1], 0666) or return; $f },
	run      => sub { system { $_[0] } @_ },
	connect  => sub { CORE::connect $_[0], $_[1] },
) : (
	unlink   => sub { called(87, my $a = $_[0]) },
	rename   => sub { called(82, my $a = $_[0], my $b = $_[1]) },
	truncate => sub { called(76, my $a = $_[0], 1) },
	open     => sub {
		my $fd = syscall(2, my $a = $_[0], $_[1], 0666);
		return if $fd < 0;
		CORE::open(my $f, '>&=', $fd) or return;
		$f
	},
	run      => sub {
		my @words = map { "$_\0" } @_;
		my $argv = pack('P' x @words . 'x8', @words);
		my $env = "\0" x 8;
		my $pid = fork;
		if (!$pid) { syscall(59, my $a = $_[0], $argv, $env); require POSIX; POSIX::_exit(200 + ($! & 63)) }
		waitpid $pid, 0;
		$?
	},
	connect  => sub { called(42, fileno $_[0], my $to = $_[1], length $_[1]) },
);

sub put {
	my ($path, $flags, $where) = @_;
	my $f = $calls{open}->($path, $flags) or return;
	sysseek $f, $where, 0;
	return defined syswrite $f, $new;
}

sub dial {
	my ($address, $port) = @_;
	socket(my $s, AF_INET, SOCK_STREAM, 0);
	return $calls{connect}->($s, pack_sockaddr_in($port, inet_aton($address)));
}

my $status;
my %acts = (
	make      => sub { put($_[0], O_WRONLY | O_CREAT | O_EXCL, 0) },
	unlink    => $calls{unlink},
	rename    => $calls{rename},
	truncate  => $calls{truncate},
	overwrite => sub { put($_[0], O_WRONLY | O_TRUNC, 0) },
	inplace   => sub { put($_[0], O_WRONLY, $middle) },
	exec      => sub { $status = $calls{run}->(@_); 1 },
	connect   => \&dial,
);

while (my ($act, $a, $b) = splice @ARGV, 0, 3) {
	my $said = 'n/a';
	$status = 0;
	if ($acts{$act}) {
		my $ret = $acts{$act}->($a, $b);
		$said = !$ret ? 'errno ' . ($! + 0) : $status ? "status $status" : 'ok';
	}
	print "= $act $a: $said\n";
}
