# The twin of hook.sh and send.sh for Windows, where an agent runs without a POSIX shell. Not tested there yet. Needs git
# and the curl.exe that Windows brings. The first call puts the payload into a spool folder and starts a second one
# hidden, which adds what a start should tell and sends: hooks first, then the session's files from where the sidecar
# last acknowledged them.
# Usage: powershell -NoProfile -ExecutionPolicy Bypass -File hook.ps1 AGENT EVENT < payload      Always exits 0.
param([string]$Agent, [string]$EventName, [switch]$Send)
$ErrorActionPreference = 'SilentlyContinue'
$state = Join-Path $env:LOCALAPPDATA 'agent-sidecar'
$spool = Join-Path $state 'spool'
$breaker = Join-Path $state 'breaker'
$breakerSeconds = 60
$pause = Join-Path $state 'pause'
$pauseSeconds = 5
$pieceBytes = 2097152
$lingerSeconds = 3

function Get-Attached {
    $file = Join-Path $PSScriptRoot 'url'
    if (Test-Path -LiteralPath $file) { return ([IO.File]::ReadAllText($file)).Trim().TrimEnd('/') }
    return ''
}

function Get-Url {
    if ($env:SIDECAR_URL) { return $env:SIDECAR_URL.TrimEnd('/') }
    $attached = Get-Attached
    if ($attached) { return $attached }
    return 'http://127.0.0.1:4318'
}

function Test-Recent([string]$File, [int]$Seconds) {
    if (-not (Test-Path -LiteralPath $File)) { return $false }
    return ((Get-Date) - (Get-Item -LiteralPath $File).LastWriteTime).TotalSeconds -lt $Seconds
}

function Test-Breaker { return (Test-Recent $breaker $breakerSeconds) }

# Whether nobody is to try now. What is left out is sent with the next event that is not.
function Test-LeftAlone { return ((Test-Breaker) -or ($EventName -match 'Prompt|Tool' -and (Test-Recent $pause $pauseSeconds))) }

# 'sent', 'refused' for good, or 'kept' for now.
function Send-File([string]$File, [string]$ContentType, [string]$Target, [string]$ObservedNs, [int]$LimitSeconds) {
    $arguments = @('-q', '--silent', '--connect-timeout', '2', '--max-time', "$LimitSeconds", '--output', 'NUL',
        '--write-out', '%{http_code}', '--header', "Content-Type: $ContentType", '--header', 'Expect:')
    if ($ObservedNs) { $arguments += @('--header', "X-Sidecar-Observed-Ns: $ObservedNs") }
    $headers = Join-Path $PSScriptRoot 'headers'
    $isOurs = @('', (Get-Url)) -contains (Get-Attached) # the token goes to no other address
    if ($isOurs -and (Test-Path -LiteralPath $headers)) { $arguments += @('--header', "@$headers") }
    $code = & curl.exe @arguments --data-binary "@$File" "$(Get-Url)$Target"
    if ($LASTEXITCODE -eq 28) { [IO.File]::WriteAllText($breaker, '') }
    if ($LASTEXITCODE -ne 0) { $code = '' }
    if ($code -match '^2') { return 'sent' }
    if (@('400', '413', '415', '422') -contains $code) { return 'refused' }
    [IO.File]::WriteAllText($pause, '')
    return 'kept'
}

function ConvertTo-Quoted([string]$Text) { return ConvertTo-Json -Compress -InputObject "$Text" }

# What only a process in the repository can know, as members of the envelope of a start.
function Get-Gathered([string]$Folder) {
    Set-Location -LiteralPath $Folder
    $remote = "$(git config --get remote.origin.url)"
    if ($remote -match '://') { $remote = ($remote -replace '^([A-Za-z][A-Za-z0-9+.-]*://)[^/]*@', '$1') -replace '[?#].*$', '' }
    $top = "$(git rev-parse --show-toplevel)"
    if ($top) { Set-Location -LiteralPath $top }
    $rules = @('CLAUDE.md', '.claude/CLAUDE.md', 'AGENTS.md', 'GEMINI.md', '.clinerules')
    foreach ($folder in @('.clinerules', '.cline/rules', '.claude/rules')) {
        $rules += @(Get-ChildItem -LiteralPath $folder -Filter '*.md' -File | ForEach-Object { "$folder/$($_.Name)" })
    }
    $hashed = @(foreach ($path in $rules) {
            if (Test-Path -LiteralPath $path -PathType Leaf) {
                "{""path"":$(ConvertTo-Quoted $path),""sha"":""$(git hash-object --no-filters -- $path)""}"
            }
        })
    return ',"repository":{"remote":' + (ConvertTo-Quoted $remote) +
        ',"head":' + (ConvertTo-Quoted "$(git rev-parse --verify --quiet HEAD)") +
        ',"branch":' + (ConvertTo-Quoted "$(git symbolic-ref --quiet --short HEAD)") +
        '},"rules":[' + ($hashed -join ',') + ']'
}

# One append-only file in pieces of whole lines; $false when the sidecar takes nothing for now.
function Send-Lines([string]$File, [string]$Target, [string]$Mark) {
    $offset = [long]0
    if (Test-Path -LiteralPath $Mark) { $offset = [long]([IO.File]::ReadAllText($Mark)) }
    $stream = [IO.File]::Open($File, 'Open', 'Read', 'ReadWrite')
    try {
        if ($stream.Length -lt $offset) { $offset = [long]0 }
        $size = $pieceBytes
        while ($offset -lt $stream.Length) {
            [void]$stream.Seek($offset, 'Begin')
            $buffer = New-Object byte[] $size
            $taken = $stream.Read($buffer, 0, $size)
            $length = if ($taken -gt 0) { [Array]::LastIndexOf($buffer, [byte]10, $taken - 1) + 1 } else { 0 }
            if ($length -eq 0) {
                if ($taken -lt $size -or $size -gt 33554432) { return $true }
                $size *= 4
                continue
            }
            $piece = Join-Path $state 'piece'
            $output = [IO.File]::Create($piece)
            $output.Write($buffer, 0, $length)
            $output.Close()
            if ((Send-File $piece 'application/octet-stream' "$Target&offset=$offset" '' 20) -eq 'kept') { return $false }
            $offset += $length
            [IO.File]::WriteAllText($Mark, "$offset")
            $size = $pieceBytes
        }
        return $true
    }
    finally { $stream.Close() }
}

function Send-Session([string]$Session, [string]$Path) {
    if ($Session -notmatch '^[0-9A-Za-z_-]+$' -or [IO.Path]::GetFileName($Path) -ne "$Session.jsonl") { return }
    $marks = Join-Path (Join-Path $state 'sessions') $Session
    [void](New-Item -ItemType Directory -Force -Path $marks)
    if (-not (Send-Lines $Path "/transcripts/claude_code?session=$Session&part=main" (Join-Path $marks 'main'))) { return }
    $folder = Join-Path (Join-Path ([IO.Path]::GetDirectoryName($Path)) $Session) 'subagents'
    foreach ($file in @(Get-ChildItem -LiteralPath $folder -Filter 'agent-*.jsonl' -File)) {
        if ($file.BaseName -notmatch '^[0-9A-Za-z_-]+$') { continue }
        $target = "/transcripts/claude_code?session=$Session&part=subagents/$($file.BaseName)"
        if (-not (Send-Lines $file.FullName $target (Join-Path $marks $file.BaseName))) { return }
    }
}

function Send-All {
    foreach ($file in @(Get-ChildItem -LiteralPath $spool -Filter '*.json' -File | Sort-Object Name)) {
        $observed, $null, $from, $event_ = $file.BaseName.Split('.')
        $text = [IO.File]::ReadAllText($file.FullName)
        $payload = $text | ConvertFrom-Json
        if ($event_ -eq 'SessionStart' -and -not $payload.hook) {
            $text = '{"hook":' + $text + ',"observed_ns":' + $observed + (Get-Gathered "$($payload.cwd)") + '}'
            [IO.File]::WriteAllText($file.FullName, $text)
        }
        elseif ($payload.hook) { $payload = $payload.hook }
        if ((Send-File $file.FullName 'application/json' "/hooks/$from" $observed 5) -eq 'kept') { return }
        Remove-Item -LiteralPath $file.FullName
        if (@('SessionStart', 'Stop', 'SessionEnd') -contains $event_ -and $from -eq 'claude_code') {
            if ($event_ -eq 'SessionEnd') { Start-Sleep -Seconds $lingerSeconds }
            Send-Session "$($payload.session_id)" "$($payload.transcript_path)"
        }
    }
}

if ($Send) {
    try { $lock = [IO.File]::Open((Join-Path $state 'lock'), 'OpenOrCreate', 'ReadWrite', 'None') } catch { exit 0 }
    do { Send-All } while ((Get-ChildItem -LiteralPath $spool -Filter '*.json' -File) -and -not (Test-Breaker) -and
        ($tries += 1) -lt 3)
    $lock.Close()
    exit 0
}
if ("$Agent$EventName" -match '^[A-Za-z_]+$') {
    [void](New-Item -ItemType Directory -Force -Path $spool)
    $now = ([DateTime]::UtcNow.Ticks - 621355968000000000) * 100
    $draft = Join-Path $state "draft.$PID"
    $output = [IO.File]::Create($draft)
    [Console]::OpenStandardInput().CopyTo($output)
    $output.Close()
    Move-Item -LiteralPath $draft -Destination (Join-Path $spool "$now.$PID.$Agent.$EventName.json")
    if (-not (Test-LeftAlone)) {
        $program = (Get-Process -Id $PID).Path
        $words = @('-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', """$PSCommandPath""", '-Send')
        [void](Start-Process -FilePath $program -ArgumentList $words -WindowStyle Hidden)
    }
}
if ($Agent -eq 'cline') { [Console]::Out.Write('{"cancel":false}') }
exit 0
